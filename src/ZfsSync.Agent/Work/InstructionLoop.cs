using System.Collections.Concurrent;
using ZfsSync.Agent.Execution;
using ZfsSync.Agent.Identity;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Agent.Work;

/// <summary>Asks the witness for work, takes what may start now, and runs it. Takes nothing while the witness is away; finishes what runs.</summary>
internal sealed class InstructionLoop(
    WitnessClient client,
    AgentIdentity identity,
    InstructionRun run,
    Companions companions,
    InstructionJournal journal,
    OutcomeBox outcomes,
    ForgottenHolds forgotten,
    Action<DateTimeOffset> onReportRequest,
    AgentOptions options,
    TimeProvider time,
    Random random,
    AgentLog log
)
{
    /// <summary>Work waits, and none of it may start: look again when something ends, or after this.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Something between here and the witness does not keep requests open: do not ask in a circle.</summary>
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);

    /// <summary>What belongs below a dataset that failed waits for the next plan; after this the plan may have changed.</summary>
    private static readonly TimeSpan ForgetFailureAfter = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(5);

    private readonly RetryPause _pause = new(options.FirstPause, options.LongestPause, random);
    private readonly Dictionary<Guid, (InstructionSummary Summary, Task Task)> _running = [];
    private readonly ConcurrentDictionary<string, DateTimeOffset> _failed = new(StringComparer.Ordinal);
    private DateTimeOffset _tidiedAt;
    private DateTimeOffset? _knownRequest;

    public int Running => _running.Values.Count(one => !one.Task.IsCompleted);

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await RecoverAsync(cancellation);
            while (true)
            {
                try
                {
                    await StepAsync(options.LongPoll, cancellation);
                    _pause.Reset();
                }
                catch (WitnessException fault)
                {
                    var pause = _pause.Next(fault.RetryAfter);
                    log(
                        fault.IsTransient ? AgentLogLevel.Warning : AgentLogLevel.Error,
                        $"No work can be taken, trying again in {pause.TotalSeconds:0} s: {fault.Message}"
                    );
                    await Task.Delay(pause, time, cancellation);
                }
            }
        }
        finally
        {
            await Task.WhenAll(_running.Values.Select(one => one.Task));
        }
    }

    /// <summary>Ends what a former run left open, before anything new is taken.</summary>
    public async Task RecoverAsync(CancellationToken cancellation)
    {
        foreach (var entry in journal.Load())
        {
            if (entry.Outcome is not null)
                outcomes.Restore(entry);
            else
                await run.RecoverAsync(entry, cancellation);
        }
    }

    /// <summary>Asks once, starts what may start, and waits as far as it makes sense before asking again.</summary>
    /// <exception cref="WitnessException">The witness refuses, or is not reached.</exception>
    public async Task StepAsync(TimeSpan longPoll, CancellationToken cancellation)
    {
        if (Running >= options.MaxTransfers * options.SmallTransfersPerSlot)
            await EndAsync(cancellation);
        var asked = time.GetTimestamp();
        var (waiting, started) = await TakeAsync(longPoll, cancellation);
        if (waiting > 0 && started == 0)
            await EndAsync(cancellation);
        else if (waiting == 0 && time.GetElapsedTime(asked) < ShortestPoll)
            await Task.Delay(ShortestPoll, time, cancellation);
    }

    /// <summary>Asks once and starts what may start. Open outcomes go first.</summary>
    /// <exception cref="WitnessException">The witness refuses, or is not reached.</exception>
    public async Task<(int Waiting, int Started)> TakeAsync(TimeSpan longPoll, CancellationToken cancellation)
    {
        await outcomes.SendAsync(cancellation);
        await TidyAsync(cancellation);
        var work = await client.WorkAsync(identity.SystemId, (int)longPoll.TotalSeconds, _knownRequest, cancellation);
        _knownRequest = work.ReportRequestedAt;
        if (work.ReportRequestedAt is { } requested)
            onReportRequest(requested);
        var waiting = work.Instructions;
        var now = time.GetUtcNow();
        foreach (var (dataset, at) in _failed)
        {
            if (now - at >= ForgetFailureAfter)
                _failed.TryRemove(dataset, out _);
        }
        foreach (var done in _running.Where(pair => pair.Value.Task.IsCompleted).Select(pair => pair.Key).ToList())
            _running.Remove(done);
        var chosen = InstructionOrder.Choose(
            [.. waiting.Where(one => !_running.ContainsKey(one.InstructionId))],
            [.. _running.Values.Select(one => one.Summary)],
            [.. _failed.Keys],
            options
        );
        var started = 0;
        foreach (var summary in chosen)
        {
            if (await ClaimAsync(summary, cancellation) is not { } claim)
                continue;
            _running[summary.InstructionId] = (summary, RunAsync(summary, claim, cancellation));
            started++;
        }
        return (waiting.Count, started);
    }

    /// <summary>Waits until nothing runs.</summary>
    public Task IdleAsync() => Task.WhenAll(RunningTasks());

    /// <summary>Waits until something ends, and with it what is concluded together with it.</summary>
    private async Task EndAsync(CancellationToken cancellation)
    {
        await Task.WhenAny(RunningTasks().Append(Task.Delay(LookAgain, time, cancellation))).Unwrap();
        await companions.ConcludedAsync(cancellation);
    }

    private IEnumerable<Task> RunningTasks() =>
        _running.Values.Select(one => one.Task).Where(task => !task.IsCompleted);

    private async Task<ClaimAnswer?> ClaimAsync(InstructionSummary summary, CancellationToken cancellation)
    {
        try
        {
            var lease = new byte[16];
            random.NextBytes(lease);
            return await client.ClaimAsync(
                summary.InstructionId,
                new ClaimRequest(identity.AgentId) { LeaseId = new Guid(lease) },
                cancellation
            );
        }
        catch (WitnessException fault) when (fault.Code is ProblemCodes.NotClaimable or ProblemCodes.NotFound)
        {
            log(AgentLogLevel.Debug, $"{summary.TargetDataset}: {fault.Message}");
            return null;
        }
    }

    private async Task RunAsync(InstructionSummary summary, ClaimAnswer claim, CancellationToken cancellation)
    {
        try
        {
            var result = await run.RunAsync(claim, cancellation);
            if (result == OutcomeResult.Failed)
                _failed[summary.TargetDataset] = time.GetUtcNow();
            else
                _failed.TryRemove(summary.TargetDataset, out _);
        }
        catch (IOException fault)
        {
            // The journal could not be written: nothing was done, or nothing is forgotten.
            log(AgentLogLevel.Error, $"The data directory cannot be written: {fault.Message}");
        }
    }

    private async Task TidyAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - _tidiedAt < TidyEvery)
            return;
        _tidiedAt = now;
        var busy = _running.Values.Where(one => !one.Task.IsCompleted).Select(one => one.Summary.EdgeId).ToHashSet();
        // One that does not answer is not asked again for each of its holds: work for others would wait for all of that.
        var away = new HashSet<Guid>();
        foreach (var entry in outcomes.Untidy.Where(entry => !busy.Contains(entry.Instruction.EdgeId)))
        {
            var source = entry.Instruction.Source.SystemId;
            if (!away.Contains(source) && await run.TidyAsync(entry, cancellation) == Tidiness.SourceAway)
                away.Add(source);
        }
        await forgotten.ReleaseAsync(cancellation);
    }
}
