using ZfsSync.Contracts.Instructions;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Syncoid;

namespace ZfsSync.Agent.Execution;

/// <summary>
/// Has syncoid carry the steps of a plan: it is told the two datasets and finds the steps itself. The planner gives it only
/// plans that it carries out as they stand; whatever came since arrives too, and the target is read back as always.
/// </summary>
internal sealed class SyncoidTransfer(HostAccess hosts, AgentLog log)
{
    /// <summary>Before anything is changed.</summary>
    /// <exception cref="RefusedException">The plan cannot be handed to syncoid.</exception>
    /// <exception cref="ToolException">syncoid is missing or too old, or what it needs is.</exception>
    public async Task<SyncoidRun> PrepareAsync(
        Instruction plan,
        SourceLists source,
        long? bytesPerSecond,
        CancellationToken cancellation
    )
    {
        var run = new SyncoidRun
        {
            Source = hosts.Dataset(plan.Source),
            SourceOn = hosts.Of(plan.Source).On,
            Target = hosts.Dataset(plan.Target),
            TargetOn = hosts.Of(plan.Target).On,
            Flags = plan.Flags,
            Set = plan.TargetNewestGuid is null ? plan.ReceiveProperties : new Dictionary<string, string>(),
            Compress = plan.Compress,
            BytesPerSecond = bytesPerSecond,
            NewestOnly = plan.Steps is [{ Kind: StepKind.Full } only] && source.Snapshots[0].Guid != only.ToGuid,
        };
        if (SyncoidRules.Fault(run) is { } fault)
            throw new RefusedException(RefusedException.Unsupported, fault);
        await SyncoidProgram.DetectAsync(hosts.Runner, cancellation);
        if (bytesPerSecond is not null)
            await RequireLimiterAsync(run, cancellation);
        return run;
    }

    /// <exception cref="ToolException">It failed; what arrived until then stays.</exception>
    public async Task RunAsync(SyncoidRun run, ExecutionProgress progress, CancellationToken cancellation)
    {
        var transcript = new SyncoidTranscript();
        var result = await hosts.Runner.RunAsync(
            SyncoidCommands.Run(run),
            line =>
            {
                transcript.Add(line);
                progress.IsMeasured = transcript.IsCounting;
                progress.Moved(transcript.Bytes);
            },
            cancellation
        );
        foreach (var warning in transcript.Warnings)
            log(AgentLogLevel.Warning, $"syncoid for {run.Target}: {warning}");
        if (transcript.Failure(result.ExitCode) is { } failure)
            throw failure;
    }

    /// <summary>Without it, syncoid goes on without a limit.</summary>
    private async Task RequireLimiterAsync(SyncoidRun run, CancellationToken cancellation)
    {
        var command = new Command("sh", "-c", $"command -v {SyncoidCommands.RateLimiter}").At(run.SourceOn);
        var result = await hosts.Runner.RunAsync(command, null, cancellation);
        if (result.ExitCode != 0)
            throw new ToolException(
                ToolErrorKind.NotInstalled,
                result.ExitCode,
                result.ErrorTail,
                $"syncoid keeps to a bandwidth only with {SyncoidCommands.RateLimiter}: install the package {ProgramPackages.Of(SyncoidCommands.RateLimiter)} on {run.SourceOn?.ToString() ?? "this host"}, take the limit away, or set the group's engine to native."
            );
    }
}
