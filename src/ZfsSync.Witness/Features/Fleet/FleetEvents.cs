using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using ZfsSync.Witness.Features.Planning;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>
/// Tells open pages when to look again. News of this process come at once, but not more than one a second; those of
/// other replicas, and the mere passing of time, after a while.
/// </summary>
internal sealed class FleetEvents(FleetChanges changes, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    public async IAsyncEnumerable<SseItem<string>> StreamAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        yield return new SseItem<string>("hello", "hello");
        while (!ending.IsCancellationRequested)
        {
            var news = changes.Next();
            try
            {
                await changes.WaitAsync(news, Longest, ending.Token);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
            yield return new SseItem<string>("again", "changed");
            await Task.Delay(Shortest, time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
