using ZfsSync.Agent.Identity;
using ZfsSync.Agent.Survey;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Execution;

/// <summary>
/// Holds of ours on this host that whoever put them there does not remember: its data directory was lost, or this host was
/// put back to a time when a transfer ran. Looked for whenever a survey has read everything anew, so within an hour.
/// </summary>
internal sealed class ForgottenHolds(
    ZfsHost zfs,
    HostAccess hosts,
    HostSurvey survey,
    WitnessClient client,
    AgentIdentity identity,
    AgentLog log
)
{
    private object? _seen;

    /// <summary>Releases those that the witness knows of and needs no more. What fails is told, and tried again after the next such survey.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        if (survey.Held is not { } held || held == _seen)
            return;
        _seen = held;
        if (held.Count == 0)
            return;
        try
        {
            var features = await hosts.FeaturesAsync(zfs, cancellation);
            var ours = (await zfs.ListHoldsAsync(features, held, cancellation))
                .Where(hold => EdgeMarks.EdgeOf(hold.Tag) is not null)
                .ToLookup(hold => EdgeMarks.EdgeOf(hold.Tag)!, hold => hold.Snapshot);
            if (ours.Count == 0)
                return;
            // Asked after they were listed: what is held later belongs to a lease that is not asked about.
            var forgotten = await client.ForgottenHoldsAsync(
                identity.SystemId,
                [.. ours.Select(edge => edge.Key).Take(HoldsFound.Most)],
                cancellation
            );
            foreach (var edge in ours.Where(edge => forgotten.Contains(edge.Key)))
            {
                log(
                    AgentLogLevel.Warning,
                    $"Releasing '{EdgeMarks.HoldTag(edge.Key)}', which a transfer that nobody remembers left on {string.Join(", ", edge)}."
                );
                await zfs.ReleaseAsync(EdgeMarks.HoldTag(edge.Key), [.. edge], cancellation);
            }
        }
        catch (Exception fault) when (fault is ToolException or WitnessException)
        {
            log(AgentLogLevel.Warning, $"Holds that a lost transfer may have left were not released: {fault.Message}");
        }
    }
}
