using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// Carries news between replicas that share a database: which hosts have something to look at. A database that only one
/// process can serve has none to carry. News are only about being quick: one that is lost costs a wait, nothing else.
/// </summary>
internal sealed class ReplicaNews(Database database, FleetChanges fleet, TimeProvider time, ILogger<ReplicaNews> log)
    : BackgroundService
{
    private const string Channel = "zfs_sync_news";

    /// <summary>What a notification of PostgreSQL carries at most is 8,000 bytes.</summary>
    private const int MostHosts = 200;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private readonly string own = Guid.NewGuid().ToString("N");
    private readonly Lock gate = new();
    private HashSet<Guid> untold = [];
    private TaskCompletionSource told = New();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!database.Dialect.HasReplicas)
        {
            fleet.HearsEveryone = true;
            return;
        }
        fleet.Told = Collect;
        await Task.WhenAll(KeepOnAsync(HearAsync, stoppingToken), KeepOnAsync(TellAsync, stoppingToken));
    }

    private Task HearAsync(CancellationToken cancellation) =>
        database.Dialect.ListenAsync(
            Channel,
            () =>
            {
                fleet.HearsEveryone = true;
                fleet.HearAll();
            },
            Hear,
            cancellation
        );

    private void Hear(string news)
    {
        var words = news.Split(' ');
        if (words[0] == own)
            return;
        if (words is [_, "*"])
            fleet.HearAll();
        else
            fleet.Hear(words.Skip(1).Select(word => Guid.TryParse(word, out var host) ? host : Guid.Empty));
    }

    /// <summary>What is told while the last news are on their way goes together.</summary>
    private async Task TellAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await told.Task.WaitAsync(cancellation);
            HashSet<Guid> hosts;
            lock (gate)
            {
                (hosts, untold) = (untold, []);
                told = New();
            }
            var words = hosts.Count > MostHosts ? "*" : string.Join(' ', hosts.Select(host => host.ToString("N")));
            await database.Dialect.NotifyAsync(Channel, $"{own} {words}".TrimEnd(), cancellation);
        }
    }

    private void Collect(IReadOnlyCollection<Guid> hosts)
    {
        lock (gate)
        {
            untold.UnionWith(hosts);
            told.TrySetResult();
        }
    }

    /// <summary>While the database is away nobody hears anything, and everybody looks again by himself.</summary>
    private async Task KeepOnAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, it is logged and tried again.
            catch (Exception fault)
            {
                fleet.HearsEveryone = false;
                log.LogWarning(
                    "News of other replicas are interrupted, and looked for by asking: {Reason}",
                    fault.Message
                );
            }
#pragma warning restore CA1031
            await Task.Delay(Retry, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
