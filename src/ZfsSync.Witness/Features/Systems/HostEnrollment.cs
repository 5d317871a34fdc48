using ZfsSync.Contracts;
using ZfsSync.Contracts.Keys;
using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>A host joins, once per name, and gets its key.</summary>
internal sealed class HostEnrollment(
    Database database,
    SystemStore systems,
    KeyStore keys,
    IdSource ids,
    WitnessOptions options,
    TimeProvider time
)
{
    /// <summary>The new row and the key, which is not seen again.</summary>
    /// <exception cref="RefusedException">The hostname is taken, or the enrollment key is used up.</exception>
    public async Task<(SystemRow System, KeySecret Key)> EnrollAsync(
        SystemRegistration registration,
        bool replace,
        Caller caller,
        CancellationToken cancellation
    )
    {
        SystemInput.Check(registration);
        if (replace && caller.Kind != KeyKind.Admin)
            throw Problems.Refused(
                StatusCodes.Status403Forbidden,
                ProblemCodes.Forbidden,
                "Only an admin may replace a host: replace=true makes its old key void."
            );
        var secret = KeySecret.Generate(options.ApiKeyLength);
        var system = await database.WriteAsync(
            session => EnrollAsync(session, registration, replace, caller, secret),
            cancellation
        );
        return (system, secret);
    }

    private async Task<SystemRow> EnrollAsync(
        Session session,
        SystemRegistration registration,
        bool replace,
        Caller caller,
        KeySecret secret
    )
    {
        var now = time.GetUtcNow();
        var system = RowOf(registration, now);
        if (!await systems.InsertAsync(session, system))
        {
            var existing = (await systems.FindByHostnameAsync(session, registration.Hostname))!;
            if (!replace)
                throw Taken(existing);
            system = system with
            {
                Id = existing.Id,
                CreatedAt = existing.CreatedAt,
                LastSeen = existing.LastSeen,
                FrozenReason = existing.FrozenReason,
            };
            await systems.UpdateAsync(session, system);
            await keys.RevokeOfSystemAsync(session, system.Id, now);
        }
        if (caller.Kind == KeyKind.Enrollment && !await keys.TakeUseAsync(session, caller.KeyId))
            throw Problems.Refused(
                StatusCodes.Status401Unauthorized,
                ProblemCodes.Unauthenticated,
                "The enrollment key is used up. Ask an admin for a new one."
            );
        await keys.InsertAsync(session, KeyStore.New(secret, KeyKind.System, system.Hostname, now, system.Id));
        return system;
    }

    private SystemRow RowOf(SystemRegistration registration, DateTimeOffset now) =>
        new()
        {
            Id = ids.Next(now),
            Hostname = registration.Hostname,
            Platform = registration.Platform,
            SshHostname = SystemInput.Empty(registration.SshHostname),
            SshUser = SystemInput.Empty(registration.SshUser),
            SshPort = registration.SshPort,
            Labels = SystemInput.Text(registration.Labels),
            ExtraMetadata = registration.ExtraMetadata?.ToJsonString(),
            CreatedAt = now,
            UpdatedAt = now,
        };

    private static RefusedException Taken(SystemRow existing) =>
        Problems.Refused(
            StatusCodes.Status409Conflict,
            ProblemCodes.Exists,
            $"The hostname {existing.Hostname} is taken by the system {existing.Id}. Use that one, or let an admin register with replace=true."
        );
}
