using ZfsSync.Contracts;
using ZfsSync.Contracts.Groups;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Groups;

/// <summary>Groups: who keeps what in sync with whom.</summary>
internal static class GroupEndpoints
{
    public static void AddGroups(this IServiceCollection services)
    {
        services.AddSingleton<GroupStore>();
        services.AddSingleton<GroupEditing>();
    }

    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup($"/{Routes.Groups}").WithTags("Groups");
        groups.MapGet("", ListAsync).RequireAuthorization(Allow.Reader);
        groups.MapGet("/{id:guid}", FindAsync).RequireAuthorization(Allow.Reader);
        groups.MapPost("", CreateAsync).RequireAuthorization(Allow.Admin);
        groups.MapPut("/{id:guid}", ChangeAsync).RequireAuthorization(Allow.Admin);
        groups.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Allow.Admin);
        groups.MapPost("/{id:guid}/systems", AddMemberAsync).RequireAuthorization(Allow.Admin);
        groups.MapDelete("/{id:guid}/systems/{systemId:guid}", RemoveMemberAsync).RequireAuthorization(Allow.Admin);
    }

    private static Task<IResult> ListAsync(
        [AsParameters] Page page,
        Caller caller,
        Database database,
        GroupStore store,
        HttpContext http
    )
    {
        page.Check();
        return database.ReadAsync(
            async session =>
            {
                if (caller.OnlySystem is not { } own)
                    return page.Answer(http, await store.ListAsync(session, page), await store.CountAsync(session));
                var ids = await store.OfSystemsAsync(session, [own]);
                return page.Answer(http, await store.LoadAsync(session, ids));
            },
            http.RequestAborted
        );
    }

    private static async Task<IResult> FindAsync(
        Guid id,
        Caller caller,
        Database database,
        GroupStore store,
        CancellationToken cancellation
    )
    {
        var group = await database.ReadAsync(s => store.FindAsync(s, id), cancellation);
        return group is not null && (caller.OnlySystem is not { } own || group.SystemIds.Contains(own))
            ? TypedResults.Ok(group)
            : Problems.NotFound("sync group", id);
    }

    private static async Task<IResult> CreateAsync(
        Body<GroupDefinition> body,
        Caller caller,
        GroupEditing editing,
        HttpContext http
    )
    {
        var group = await editing.CreateAsync(body.Value, caller, http.RequestAborted);
        return TypedResults.Created($"{http.Request.Path}/{group.Id}", group);
    }

    private static async Task<IResult> ChangeAsync(
        Guid id,
        Body<GroupDefinition> body,
        Caller caller,
        GroupEditing editing,
        CancellationToken cancellation
    ) => TypedResults.Ok(await editing.ChangeAsync(id, body.Value, caller, cancellation));

    private static async Task<IResult> DeleteAsync(
        Guid id,
        Caller caller,
        GroupEditing editing,
        CancellationToken cancellation
    )
    {
        await editing.DeleteAsync(id, caller, cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> AddMemberAsync(
        Guid id,
        Body<GroupMemberAddition> body,
        Caller caller,
        GroupEditing editing,
        HttpContext http
    )
    {
        var group = await editing.AddMemberAsync(id, body.Value, caller, http.RequestAborted);
        return TypedResults.Created($"{http.Request.Path}/{body.Value.SystemId}", group);
    }

    private static async Task<IResult> RemoveMemberAsync(
        Guid id,
        Guid systemId,
        Caller caller,
        GroupEditing editing,
        CancellationToken cancellation
    )
    {
        await editing.RemoveMemberAsync(id, systemId, caller, cancellation);
        return TypedResults.NoContent();
    }
}
