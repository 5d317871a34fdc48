using System.Collections.Concurrent;

namespace ZfsSync.Agent.Execution;

/// <summary>
/// Lets so many transfers stream at once as the host and its pools may have. More of them may be prepared or concluded
/// meanwhile: what those ask of a host is asked together, and that is most of what a small transfer costs.
/// </summary>
internal sealed class StreamSlots(AgentOptions options)
{
    /// <summary>No pool has this name.</summary>
    private const string Host = "";

    private readonly ConcurrentDictionary<string, Turns> _slots = new(StringComparer.Ordinal);

    /// <summary>Waits for a slot in each of these pools and on the host; to be disposed of when the stream has ended.</summary>
    public async Task<IDisposable> TakeAsync(IEnumerable<string> pools, CancellationToken cancellation)
    {
        var taken = new Taken();
        try
        {
            // Always in this order, so that no two wait for each other.
            foreach (var pool in pools.Order(StringComparer.Ordinal))
                await taken.AddAsync(SlotsOf(pool, options.MaxTransfersPerPool), cancellation);
            await taken.AddAsync(SlotsOf(Host, options.MaxTransfers), cancellation);
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    private Turns SlotsOf(string what, int count) => _slots.GetOrAdd(what, _ => new Turns(count));

    private sealed class Taken : IDisposable
    {
        private readonly List<Turns> _taken = [];

        public async Task AddAsync(Turns slots, CancellationToken cancellation)
        {
            await slots.TakeAsync(cancellation);
            _taken.Add(slots);
        }

        public void Dispose() => _taken.ForEach(slots => slots.GiveBack());
    }
}
