using ZfsSync.Contracts;
using ZfsSync.Contracts.Keys;
using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>Changes what people say about a host. A host may do that for itself, except for its freezing.</summary>
internal sealed class HostUpdate(Database database, SystemStore store, PlanningBell bell, TimeProvider time)
{
    /// <summary>The changed row, or null when there is no such host.</summary>
    /// <exception cref="RefusedException">A field is wrong, the hostname is taken, or the caller may not freeze.</exception>
    public async Task<SystemRow?> ApplyAsync(
        Guid id,
        SystemUpdate update,
        Caller caller,
        CancellationToken cancellation
    )
    {
        SystemInput.Check(update);
        if (update.Frozen is not null && !caller.IsAtLeast(KeyKind.Operator))
            throw Problems.Refused(
                StatusCodes.Status403Forbidden,
                ProblemCodes.Forbidden,
                "Only an operator may freeze a host or let it go on."
            );
        var changed = await database.WriteAsync(session => ApplyAsync(session, id, update, caller), cancellation);
        if (changed is not null)
            bell.RingAll(id);
        return changed;
    }

    private async Task<SystemRow?> ApplyAsync(Session session, Guid id, SystemUpdate update, Caller caller)
    {
        if (await store.FindAsync(session, id) is not { } system)
            return null;
        if (
            update.Hostname is { } hostname
            && await store.FindByHostnameAsync(session, hostname) is { } other
            && other.Id != id
        )
            throw Problems.Refused(
                StatusCodes.Status409Conflict,
                ProblemCodes.Exists,
                $"The hostname {hostname} is taken by the system {other.Id}."
            );
        system = system with
        {
            Hostname = update.Hostname ?? system.Hostname,
            Platform = update.Platform ?? system.Platform,
            SshHostname = SystemInput.Empty(update.SshHostname ?? system.SshHostname),
            SshUser = SystemInput.Empty(update.SshUser ?? system.SshUser),
            SshPort = update.SshPort ?? system.SshPort,
            Labels = update.Labels is null ? system.Labels : SystemInput.Text(update.Labels),
            ExtraMetadata = update.ExtraMetadata?.ToJsonString() ?? system.ExtraMetadata,
            FrozenReason = Frozen(update, system, caller),
            UpdatedAt = time.GetUtcNow(),
        };
        await store.UpdateAsync(session, system);
        return system;
    }

    private static string? Frozen(SystemUpdate update, SystemRow system, Caller caller) =>
        update.Frozen switch
        {
            null => system.FrozenReason,
            false => null,
            true => system.FrozenReason ?? $"Frozen by {caller.Name}.",
        };
}
