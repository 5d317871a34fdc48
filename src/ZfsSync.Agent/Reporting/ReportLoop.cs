using ZfsSync.Agent.Execution;
using ZfsSync.Agent.Survey;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent.Reporting;

/// <summary>Looks at the host from time to time and tells the witness; and at once at a dataset that was just received.</summary>
internal sealed class ReportLoop(
    HostSurvey survey,
    ReportSender sender,
    Companions companions,
    AgentOptions options,
    TimeProvider time,
    Random random,
    AgentLog log
)
{
    private readonly Turns _oneAtATime = new(1);
    private readonly RetryPause _pause = new(options.FirstPause, options.LongestPause, random);
    private readonly Gathering<DatasetName, DatasetInventory?> _proofs = new(companions, time);
    private readonly ReportWish _wish = new();
    private readonly IdleMemory _memory = new();
    private string? _frozenReason;

    /// <summary>Whether a receive into a dataset runs here. Set by who runs them.</summary>
    public Predicate<DatasetName> IsReceiving { get; set; } = _ => false;

    /// <summary>Told of each accepted report, in words.</summary>
    public Action<string>? OnStatus { get; set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var pause = await ReportAsync(cancellation);
            _memory.GiveBack();
            await _wish.WaitAsync(pause, time, cancellation);
        }
    }

    /// <summary>Somebody waits for a report: the next one begins at once, or as soon as the one that runs has ended.</summary>
    /// <param name="at">The request's instant, by the witness's clock.</param>
    public void Request(DateTimeOffset at) => _wish.Ask(at);

    /// <summary>One survey and report of the whole scope.</summary>
    /// <returns>How long to wait before the next.</returns>
    public async Task<TimeSpan> ReportAsync(CancellationToken cancellation)
    {
        await _oneAtATime.TakeAsync(cancellation);
        var wish = _wish.Begin();
        try
        {
            var answer = await SendAsync(wish, cancellation);
            if (answer.ReportInFull)
            {
                survey.Forget();
                answer = await SendAsync(wish, cancellation);
            }
            _wish.Fulfil(wish);
            _pause.Reset();
            return UntilNext(answer);
        }
        catch (ToolException fault)
        {
            log(AgentLogLevel.Error, $"This host could not be surveyed, so nothing was reported: {fault.Message}");
            return _pause.Next();
        }
        catch (Exception fault) when (fault is WitnessException or AgentException or IOException)
        {
            log(LevelOf(fault), $"The report was not accepted: {fault.Message}{Remedy(fault)}");
            return _pause.Next((fault as WitnessException)?.RetryAfter);
        }
        finally
        {
            _oneAtATime.GiveBack();
        }
    }

    /// <summary>
    /// Reads one dataset and reports it now, as a proof; those that are asked for at the same time go together. A report
    /// that fails is only told: the next one will say it too.
    /// </summary>
    /// <returns>The dataset; null when it does not exist, or when nothing can be said of it.</returns>
    /// <exception cref="ToolException">It could not be read.</exception>
    public Task<DatasetInventory?> ReportAsync(DatasetName dataset, CancellationToken cancellation) =>
        _proofs.AskAsync(dataset, ProveAsync, cancellation);

    private async Task<Func<DatasetName, DatasetInventory?>> ProveAsync(
        IReadOnlyList<DatasetName> datasets,
        CancellationToken cancellation
    )
    {
        await _oneAtATime.TakeAsync(cancellation);
        try
        {
            if (await survey.ReadAsync(datasets, cancellation) is not { } inventory)
                return _ => null;
            await TellAsync(inventory, cancellation);
            var found = inventory.Datasets.ToDictionary(dataset => dataset.Facts.Name, dataset => dataset.Facts);
            return dataset => found.GetValueOrDefault(dataset);
        }
        finally
        {
            _oneAtATime.GiveBack();
        }
    }

    private async Task TellAsync(HostInventory inventory, CancellationToken cancellation)
    {
        try
        {
            var answer = await sender.SendAsync(inventory, IsReceiving, answersRequest: null, cancellation);
            // Said once; the next report of the whole scope does it.
            if (answer.ReportInFull)
                survey.Forget();
        }
        catch (Exception fault)
            when (fault is WitnessException or AgentException or IOException or OperationCanceledException)
        {
            log(
                AgentLogLevel.Warning,
                $"{string.Join(", ", inventory.Scope)} could not be reported at once: {fault.Message}"
            );
        }
    }

    private async Task<ReportAnswer> SendAsync(DateTimeOffset? wish, CancellationToken cancellation)
    {
        var inventory = await survey.ReadAsync(cancellation);
        var answer = await sender.SendAsync(inventory, IsReceiving, wish, cancellation);
        log(AgentLogLevel.Debug, $"Report {answer.Sequence} accepted: {inventory.Datasets.Count} datasets.");
        OnStatus?.Invoke($"{inventory.Datasets.Count} datasets reported");
        if (answer.FrozenReason != _frozenReason)
        {
            _frozenReason = answer.FrozenReason;
            if (_frozenReason is not null)
                log(AgentLogLevel.Warning, $"The witness holds this host's plans: {_frozenReason}");
        }
        return answer;
    }

    /// <summary>Drawn a little early, so that many hosts do not report in step.</summary>
    private TimeSpan UntilNext(ReportAnswer answer)
    {
        var asked = TimeSpan.FromSeconds(Math.Max(1, answer.NextReportSeconds));
        var longest = asked < options.ReportInterval ? asked : options.ReportInterval;
        return longest * (0.9 + (random.NextDouble() / 10));
    }

    private static AgentLogLevel LevelOf(Exception fault) =>
        fault is WitnessException { IsTransient: true } ? AgentLogLevel.Warning : AgentLogLevel.Error;

    private static string Remedy(Exception fault) =>
        fault is not WitnessException refused
            ? ""
            : refused.Code switch
            {
                ProblemCodes.Unauthenticated => " The host's key is not valid any more: join again with a new token.",
                ProblemCodes.IdentityInUse =>
                    " Another agent uses this host's key: join with a token of its own on each host.",
                _ => "",
            };
}
