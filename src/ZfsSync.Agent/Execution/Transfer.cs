using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Syncoid;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Execution;

/// <summary>Carries out a plan to replicate: check, hold, make room, then send and receive step by step, or have syncoid do it.</summary>
internal sealed class Transfer(
    HostAccess hosts,
    EdgeMarks marks,
    SourceReader sources,
    TargetReader targets,
    Placeholders placeholders,
    EmptyTargets empties,
    SyncoidTransfer syncoid,
    StreamSlots slots,
    AgentOptions options
)
{
    /// <summary>The commands of a session must fit into one argument, however long the names are.</summary>
    private const int MostOfSession = 16;

    /// <exception cref="RefusedException">The facts are not as the plan expects; nothing was changed.</exception>
    /// <exception cref="ToolException">A tool failed; what arrived until then stays.</exception>
    public async Task RunAsync(Instruction plan, ExecutionProgress progress, CancellationToken cancellation)
    {
        var (target, hasParent) = await targets.LookAsync(plan, hosts.Dataset(plan.Target), cancellation);
        Refuse(Expectations.TargetFault(plan, target));
        var source = await sources.ReadAsync(plan, cancellation);
        Refuse(Expectations.StepsFault(plan, source, target));
        // Aborting a first receive may remove the dataset that it was making; then it is too early to look.
        var replaces = plan.AbortToken is null && await empties.ReplacesAsync(plan, target, cancellation);
        if (replaces)
            await empties.EnsureAsync(plan, target!, cancellation);
        var run =
            plan.Engine == TransferEngine.Syncoid
                ? await syncoid.PrepareAsync(plan, source, Limit(plan), cancellation)
                : null;

        progress.HasActed = true;
        progress.Source = source;
        await marks.HoldAsync(plan, source, cancellation);
        if (plan.AbortToken is not null)
        {
            await hosts.Of(plan.Target).AbortReceiveAsync(hosts.Dataset(plan.Target), cancellation);
            (target, hasParent) = await targets.LookAsync(plan, hosts.Dataset(plan.Target), cancellation);
            replaces = await empties.ReplacesAsync(plan, target, cancellation);
        }
        if (target is null && !hasParent)
            await placeholders.EnsureParentAsync(plan, cancellation);
        // Until then nothing is expected to move.
        progress.IsMeasured = false;
        using var slot = await slots.TakeAsync(TransferPools.Of(plan), cancellation);
        progress.IsMeasured = true;
        DatasetInventory? empty = null;
        if (replaces)
        {
            // Whoever wrote to it since the first look would lose that.
            empty =
                await targets.ReadAsync(plan, cancellation)
                ?? throw new RefusedException(
                    RefusedException.StalePlan,
                    $"{plan.Target.Dataset} does not exist any more."
                );
            await empties.EnsureAsync(plan, empty, cancellation);
        }
        if (run is null)
            await StepByStepAsync(plan, source, empty, progress, cancellation);
        else
            await AtOnceAsync(plan, run, progress, cancellation);
    }

    private async Task AtOnceAsync(
        Instruction plan,
        SyncoidRun run,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        progress.Begin(0);
        await syncoid.RunAsync(run, progress, cancellation);
        progress.EndSteps(plan.Steps.Count);
    }

    private async Task StepByStepAsync(
        Instruction plan,
        SourceLists source,
        DatasetInventory? empty,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        var together = SharesSessions(plan) ? MostOfSession : 1;
        for (var i = 0; i < plan.Steps.Count; i += together)
        {
            progress.Begin(i);
            var steps = plan.Steps.Skip(i).Take(together).Select(step => StepCommands.ToSend(step, source)).ToList();
            try
            {
                await PipeAsync(
                    plan,
                    steps,
                    i == 0 ? ReceiveFirst(plan, empty) : ReceiveOptions.Default,
                    progress,
                    cancellation
                );
            }
            catch (ToolException fault) when (IsUseless(plan.Steps[i], fault))
            {
                await hosts.Of(plan.Target).AbortReceiveAsync(hosts.Dataset(plan.Target), cancellation);
                throw;
            }
            progress.EndSteps(steps.Count);
        }
    }

    /// <summary>
    /// One ssh session for several steps: for small ones it costs more than they do. What is large, or the rest of what was cut,
    /// is counted and judged by itself.
    /// </summary>
    private bool SharesSessions(Instruction plan) =>
        options.IsSmall(plan.EstimatedBytes)
        && (plan.Source.SshHostname ?? plan.Target.SshHostname) is not null
        && plan.Steps.All(step => step.Kind != StepKind.Resume);

    /// <summary>
    /// What has arrived can never be completed: the rest does not fit where it lies. So it is when the source was renamed and
    /// <c>zfs send -t</c> finds the base in another copy first, for then it sends the rest of a clone.
    /// </summary>
    private static bool IsUseless(InstructionStep step, ToolException fault) =>
        step.Kind == StepKind.Resume && fault.Kind == ToolErrorKind.Exists;

    /// <param name="first">For the first stream; what it makes, the others find.</param>
    private async Task PipeAsync(
        Instruction plan,
        IReadOnlyList<SendStep> steps,
        ReceiveOptions first,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        var source = hosts.Of(plan.Source);
        var target = hosts.Of(plan.Target);
        var path = StreamPath.Of(
            [.. steps.Select(step => source.Send(hosts.Dataset(plan.Source), step, plan.Flags))],
            [
                .. steps.Select(
                    (_, i) => target.Receive(hosts.Dataset(plan.Target), i == 0 ? first : ReceiveOptions.Default)
                ),
            ],
            plan.Compress
        );
        var result = await hosts.Runner.PipeAsync(
            path.Stages,
            new PipeOptions
            {
                BytesPerSecond = Limit(plan),
                OnProgress = progress.Moved,
                MeasuredBehind = path.MeasuredBehind,
                CountsByKernel = path.CountsByKernel,
            },
            cancellation
        );
        progress.Moved(result.Bytes);
        if (!result.IsSuccess)
            throw PipeFailure.Of(path.Stages, result);
    }

    private static ReceiveOptions ReceiveFirst(Instruction plan, DatasetInventory? empty)
    {
        var set = new Dictionary<string, string>(
            plan.TargetNewestGuid is null ? plan.ReceiveProperties : [],
            StringComparer.Ordinal
        );
        // With what it holds from then on it must not be taken for empty again, whatever becomes of its snapshots.
        if (empty is { IsPlaceholder: true })
            set[ZfsCommands.PlaceholderProperty] = "off";
        return new ReceiveOptions { Set = set, IntoEmptyExisting = empty is not null };
    }

    private long? Limit(Instruction plan) =>
        (plan.BandwidthBytesPerSecond, options.BandwidthBytesPerSecond) switch
        {
            (null, var own) => own,
            (var asked, null) => asked,
            var (asked, own) => Math.Min(asked.Value, own.Value),
        };

    private static void Refuse(string? fault)
    {
        if (fault is not null)
            throw new RefusedException(RefusedException.StalePlan, fault);
    }
}
