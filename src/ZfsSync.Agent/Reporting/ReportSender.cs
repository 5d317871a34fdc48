using System.Reflection;
using ZfsSync.Agent.Identity;
using ZfsSync.Agent.Storage;
using ZfsSync.Agent.Survey;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Reporting;

/// <summary>
/// Brings an inventory to the witness: first the head with the digest of everything; then, as the answer asks, the
/// datasets, and the lists that the witness does not have.
/// </summary>
internal sealed class ReportSender(
    WitnessClient client,
    AgentIdentity identity,
    AgentOptions options,
    SequenceFile sequence,
    TimeProvider time
)
{
    /// <summary>Head, datasets, lists, and once more after another report came between.</summary>
    private const int MostRounds = 6;

    private static readonly string Version =
        typeof(ReportSender).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    /// <param name="isReceiving">Whether a receive into a dataset runs here.</param>
    /// <param name="answersRequest">The request to report that was known before the inventory was read.</param>
    /// <returns>The answer that accepted it.</returns>
    /// <exception cref="WitnessException">The witness refuses, or is not reached.</exception>
    public async Task<ReportAnswer> SendAsync(
        HostInventory inventory,
        Predicate<DatasetName> isReceiving,
        DateTimeOffset? answersRequest,
        CancellationToken cancellation
    )
    {
        inventory = inventory with { Datasets = [.. inventory.Datasets.Select(d => Marked(d, isReceiving))] };
        var head = Head(inventory, answersRequest);
        var answer = await client.ReportAsync(identity.SystemId, head, cancellation);
        for (var round = 1; round < MostRounds && answer.Status != ReportStatus.Accepted; round++)
        {
            if (answer.Status == ReportStatus.Ignored)
            {
                sequence.Raise(answer.LastSequence);
                head = Head(inventory, answersRequest);
                answer = await client.ReportAsync(identity.SystemId, head, cancellation);
                continue;
            }
            var needed =
                answer.Status == ReportStatus.NeedsLists ? answer.Needed.ToHashSet(StringComparer.Ordinal) : [];
            answer = await SendDatasetsAsync(head, inventory, needed, cancellation);
        }
        return answer.Status == ReportStatus.Accepted
            ? answer
            : throw new AgentException(
                $"The witness did not accept report {head.Sequence} after {MostRounds} rounds; its last word was {answer.Status}."
            );
    }

    private async Task<ReportAnswer> SendDatasetsAsync(
        InventoryReport head,
        HostInventory inventory,
        HashSet<string> needed,
        CancellationToken cancellation
    )
    {
        var datasets = inventory
            .Datasets.Select(dataset => ReportParts.Dataset(dataset, needed.Contains(dataset.Facts.Name.Value)))
            .ToList();
        ReportAnswer? last = null;
        foreach (var part in ReportParts.Cut(head, datasets))
        {
            last = await client.ReportAsync(identity.SystemId, part, cancellation);
            if (last.Status == ReportStatus.Ignored)
                break;
        }
        return last!;
    }

    private InventoryReport Head(HostInventory inventory, DateTimeOffset? answersRequest) =>
        new()
        {
            Sequence = sequence.Next(),
            AgentId = identity.AgentId,
            SentAt = time.GetUtcNow(),
            AnswersRequest = answersRequest,
            AgentVersion = Version,
            ZfsVersion = inventory.ZfsVersion,
            Platform = options.Platform,
            Simulated = options.Simulated,
            Scope = inventory.Scope,
            Complete = inventory.IsComplete,
            Digest = InventoryDigest.OfInventory(inventory.Datasets.Select(d => (d.Facts, d.ListDigest))),
            // None read yet is not the same as none there.
            Pools = inventory.Pools is { } pools ? [.. pools.Select(Pool)] : null,
        };

    private static SurveyedDataset Marked(SurveyedDataset dataset, Predicate<DatasetName> isReceiving) =>
        isReceiving(dataset.Facts.Name) ? dataset with { Facts = dataset.Facts with { IsReceiving = true } } : dataset;

    private static ReportedPool Pool(PoolFacts pool) =>
        new(pool.Name, pool.Guid.ToString(), pool.SizeBytes, pool.FreeBytes, pool.Health);
}
