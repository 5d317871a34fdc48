using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Agent.Execution;

/// <summary>Tells the witness how far a transfer is, which renews its lease, and stops it when it must not go on.</summary>
internal sealed class LeaseKeeper(WitnessClient client, AgentOptions options, TimeProvider time, AgentLog log)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Returns why to stop; runs until then, or until it is cancelled because the transfer ended.</summary>
    public async Task<StopReason?> WatchAsync(
        ClaimAnswer claim,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        var pause = TimeSpan.FromSeconds(claim.LeaseSeconds / 4.0);
        pause =
            pause < Shortest ? Shortest
            : pause > Longest ? Longest
            : pause;
        try
        {
            while (true)
            {
                await PauseAsync(pause, cancellation);
                if (progress.SinceMoved >= options.StuckAfter)
                    return StopReason.Stuck(progress.SinceMoved);
                if (await TellAsync(claim, progress, cancellation) is { } reason)
                    return reason;
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Task.Delay, but when it is cancelled it goes on at once and in place, as everything in an execution does: so the same seed tells the same story.</summary>
    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        var end = new TaskCompletionSource();
        await using var timer = time.CreateTimer(_ => end.TrySetResult(), null, pause, Timeout.InfiniteTimeSpan);
        await using var cancelled = cancellation.Register(() => end.TrySetCanceled(cancellation));
        await end.Task;
    }

    private async Task<StopReason?> TellAsync(
        ClaimAnswer claim,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        try
        {
            var answer = await client.ProgressAsync(
                claim.Instruction.InstructionId,
                new ProgressReport(claim.LeaseId, progress.Step, progress.Bytes),
                cancellation
            );
            return answer.Stop ? StopReason.Person : null;
        }
        catch (WitnessException fault) when (fault.Status is 404 or 409)
        {
            return StopReason.LeaseLost;
        }
        catch (WitnessException fault)
        {
            // What runs is finished without the witness.
            log(AgentLogLevel.Debug, $"The progress was not told: {fault.Message}");
            return null;
        }
    }
}
