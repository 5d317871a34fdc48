using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>With whom a host has edges: what its own doctor checks, and no more of the others than its agent is told anyway.</summary>
internal static class SystemPartnerEndpoints
{
    public static void MapSystemPartners(this IEndpointRouteBuilder systems) =>
        systems
            .MapGet("/{id}/partners", ListAsync)
            .RequireAuthorization(Allow.HostReader)
            .Produces<IReadOnlyList<SystemPartner>>();

    private static async Task<IResult> ListAsync(
        Guid id,
        [AsParameters] Page page,
        Database database,
        SystemStore store,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        page.Check();
        var (system, partners) = await database.ReadAsync(
            async session => (await store.FindAsync(session, id), await store.PartnersAsync(session, id)),
            cancellation
        );
        return system is null
            ? Problems.NotFound("system", id)
            : page.Answer<SystemPartner>(
                http,
                [
                    .. partners.Select(row => new SystemPartner(row.Id, row.Hostname)
                    {
                        SshHostname = row.SshHostname,
                        SshUser = row.SshUser,
                        SshPort = row.SshPort,
                    }),
                ]
            );
    }
}
