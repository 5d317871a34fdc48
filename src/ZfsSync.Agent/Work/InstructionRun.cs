using System.Collections.Concurrent;
using ZfsSync.Agent.Execution;
using ZfsSync.Agent.Reporting;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent.Work;

/// <summary>
/// One instruction from its claim to its acknowledged outcome: written down before anything is done, and again before
/// anything is said; the target is reported before the outcome, so that the proof is there when the outcome is judged.
/// </summary>
internal sealed class InstructionRun(
    InstructionExecutor executor,
    Companions companions,
    Conclusion conclusion,
    InstructionJournal journal,
    OutcomeBox outcomes,
    ReportLoop reports,
    AgentOptions options,
    TimeProvider time,
    AgentLog log
)
{
    private const int LongestErrorText = 4000;
    private readonly ConcurrentDictionary<string, bool> _receiving = new(StringComparer.Ordinal);

    /// <summary>Whether a receive into this host's dataset runs.</summary>
    public bool IsReceiving(DatasetName dataset) => _receiving.ContainsKey(dataset.Value);

    /// <returns>How it ended.</returns>
    public async Task<OutcomeResult> RunAsync(ClaimAnswer claim, CancellationToken stopping)
    {
        var plan = claim.Instruction;
        var entry = new JournalEntry { Claim = claim, StartedAt = time.GetUtcNow() };
        journal.Write(entry);
        var progress = new ExecutionProgress(time);
        var localTarget = plan.Target.SshHostname is null;
        if (localTarget)
            _receiving[plan.Target.Dataset] = true;
        log(AgentLogLevel.Information, $"Starting: {Describe(plan)}.");
        using var place = companions.Join(plan.EstimatedBytes);
        ExecutionEnd end;
        try
        {
            end = await executor.ExecuteAsync(claim, progress, stopping);
        }
        finally
        {
            _receiving.TryRemove(plan.Target.Dataset, out _);
        }
        await place.LeaveAsync(hasToConclude: progress.HasActed, stopping);
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var stop = stopping.Register(() => limit.CancelAfter(options.StopWithin));
        return await FinishAsync(entry, end, progress, limit.Token);
    }

    /// <summary>Ends what a former run of the agent had begun: the agent died in between, and what arrived is read back.</summary>
    public Task RecoverAsync(JournalEntry entry, CancellationToken cancellation) =>
        FinishAsync(
            entry,
            ExecutionEnd.Failed(ExecutionEnd.Interrupted, "The agent ended while it ran."),
            new ExecutionProgress(time) { HasActed = true },
            cancellation
        );

    /// <summary>Tries again to release holds that could not be released.</summary>
    public async Task<Tidiness> TidyAsync(JournalEntry entry, CancellationToken cancellation)
    {
        var concluded = await conclusion.ConcludeAsync(entry.Instruction, null, cancellation);
        if (concluded.IsTidy)
            outcomes.Put(entry with { IsTidy = true });
        return concluded.Tidiness;
    }

    private async Task<OutcomeResult> FinishAsync(
        JournalEntry entry,
        ExecutionEnd end,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        var plan = entry.Instruction;
        var concluded = progress.HasActed
            ? await conclusion.ConcludeAsync(plan, progress.Source, cancellation)
            : new Concluded(null, HasEnd: false, Tidiness.Tidy);
        end = Judge(plan, end, concluded);
        outcomes.Put(
            entry with
            {
                IsTidy = concluded.IsTidy,
                Outcome = new OutcomeReport
                {
                    LeaseId = entry.Claim.LeaseId,
                    Result = end.Result,
                    ErrorKind = end.ErrorKind,
                    ErrorText =
                        end.ErrorText?.Length > LongestErrorText ? end.ErrorText[..LongestErrorText] : end.ErrorText,
                    StepsDone = Math.Max(progress.StepsDone, StepsUntil(plan, concluded.Arrived)),
                    Bytes = progress.Bytes,
                    StartedAt = entry.StartedAt,
                    FinishedAt = time.GetUtcNow(),
                    ArrivedGuid = concluded.Arrived,
                },
            }
        );
        log(
            end.Result == OutcomeResult.Done ? AgentLogLevel.Information : AgentLogLevel.Warning,
            $"{end.Result}: {Describe(plan)}{(end.ErrorText is null ? "" : $": {end.ErrorKind}: {end.ErrorText}")}"
        );
        await TellAsync(progress.HasActed ? [.. Left(plan), plan.Source] : [plan.Target, plan.Source], cancellation);
        // The source answers again: what an earlier run could not release there need not wait any longer.
        if (progress.HasActed && concluded.IsTidy)
        {
            foreach (var earlier in outcomes.Untidy.Where(one => one.Instruction.EdgeId == plan.EdgeId))
                await TidyAsync(earlier, cancellation);
        }
        return end.Result;
    }

    /// <summary>What was read back has the last word, whatever the exit codes said.</summary>
    private static ExecutionEnd Judge(Instruction plan, ExecutionEnd end, Concluded concluded)
    {
        if (plan.Steps is not [.., var last])
            return end;
        if (end.Result == OutcomeResult.Done && !concluded.HasEnd)
            return ExecutionEnd.Failed(
                ExecutionEnd.Unproven,
                $"zfs reported success, and the newest snapshot of {plan.Target.Dataset} is {(concluded.Arrived is { } other ? $"guid {other}" : "not known")} instead of guid {last.ToGuid}."
            );
        return end.ErrorKind == ExecutionEnd.Interrupted && concluded.HasEnd ? ExecutionEnd.Done : end;
    }

    /// <summary>How many steps worked when the target's newest snapshot is this one. Of a session's steps nothing else tells.</summary>
    private static int StepsUntil(Instruction plan, SnapshotGuid? arrived)
    {
        var steps = plan.Steps.ToList();
        var at = steps.FindIndex(step =>
            step.ToGuid == arrived || step.ArrivingGuids?.Any(guid => guid == arrived) == true
        );
        return at < 0 ? 0
            : steps[at].ToGuid == arrived ? at + 1
            : at;
    }

    /// <summary>The place that a copy was taken from: other edges may lead there.</summary>
    private static IEnumerable<InstructionSide> Left(Instruction plan) =>
        plan.Repair is { Kind: RepairKind.FollowRename, RenameFrom: { } from }
            ? [plan.Target with { Dataset = from }]
            : [];

    /// <summary>What is not reported yet, then the outcomes. A witness that is away gets all of it later.</summary>
    private async Task TellAsync(IReadOnlyList<InstructionSide> sides, CancellationToken cancellation)
    {
        try
        {
            foreach (var side in sides)
            {
                if (side.SshHostname is null && DatasetName.TryParse(side.Dataset, out var dataset))
                    await ReportAsync(dataset, cancellation);
            }
            await outcomes.SendAsync(cancellation);
        }
        catch (WitnessException fault)
        {
            log(AgentLogLevel.Warning, $"The outcome is kept until the witness takes it: {fault.Message}");
        }
        catch (OperationCanceledException)
        {
            log(AgentLogLevel.Information, "Stopping; the outcome is told at the next start.");
        }
    }

    private async Task ReportAsync(DatasetName dataset, CancellationToken cancellation)
    {
        try
        {
            await reports.ReportAsync(dataset, cancellation);
        }
        catch (ToolException fault)
        {
            log(AgentLogLevel.Warning, $"{dataset} could not be reported at once: {fault.Message}");
        }
    }

    private static string Describe(Instruction plan) =>
        $"{(plan.Kind == InstructionKind.Repair ? $"repair {plan.Repair?.Kind}" : $"{plan.Steps.Count} steps")} {plan.Source.Hostname}:{plan.Source.Dataset} to {plan.Target.Hostname}:{plan.Target.Dataset}";
}
