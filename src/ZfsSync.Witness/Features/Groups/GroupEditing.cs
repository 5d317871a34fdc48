using ZfsSync.Contracts;
using ZfsSync.Contracts.Groups;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Groups;

/// <summary>Makes, changes and removes groups. What is wrong is all named, and nothing is half-stored.</summary>
internal sealed class GroupEditing(
    Database database,
    GroupStore groups,
    HostFactsStore hosts,
    InstructionStore instructions,
    AuditStore audit,
    PlanningBell bell,
    FleetChanges fleet,
    IdSource ids,
    TimeProvider time
)
{
    public Task<GroupResource> CreateAsync(GroupDefinition wanted, Caller caller, CancellationToken cancellation) =>
        SaveAsync(
            null,
            (rules, _) =>
            {
                var now = time.GetUtcNow();
                return rules.Create(wanted, ids.Next(now), now);
            },
            caller,
            cancellation
        );

    public Task<GroupResource> ChangeAsync(
        Guid id,
        GroupDefinition wanted,
        Caller caller,
        CancellationToken cancellation
    ) => SaveAsync(id, (rules, group) => rules.Apply(wanted, group!, time.GetUtcNow()), caller, cancellation);

    public Task<GroupResource> AddMemberAsync(
        Guid id,
        GroupMemberAddition addition,
        Caller caller,
        CancellationToken cancellation
    ) => SaveAsync(id, (rules, group) => rules.Add(addition, group!, time.GetUtcNow()), caller, cancellation);

    public Task<GroupResource> RemoveMemberAsync(
        Guid id,
        Guid systemId,
        Caller caller,
        CancellationToken cancellation
    ) => SaveAsync(id, (rules, group) => Without(rules, group!, systemId), caller, cancellation);

    /// <summary>No pool is touched; what waits is withdrawn, and who works is asked to stop.</summary>
    public async Task DeleteAsync(Guid id, Caller caller, CancellationToken cancellation)
    {
        await database.WriteAsync(
            async session =>
            {
                if (!await groups.DeleteAsync(session, id))
                    throw Problems.RefusedMissing("sync group", id);
                await instructions.WithdrawOrphansAsync(session, time.GetUtcNow());
                await audit.WriteAsync(session, caller, "delete_group", id.ToString(), "", time.GetUtcNow());
            },
            cancellation
        );
        fleet.Notify();
    }

    private async Task<GroupResource> SaveAsync(
        Guid? id,
        Func<GroupRules, GroupResource?, GroupDraft> draftOf,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var saved = await database.WriteAsync(
            async session =>
            {
                var group = id is { } known ? await groups.FindAsync(session, known) : null;
                if (id is not null && group is null)
                    throw Problems.RefusedMissing("sync group", id);
                var draft = draftOf(new GroupRules(await hosts.HostnamesAsync(session)), group);
                Refuse(draft);
                if (await groups.NamedAsync(session, draft.Group.Name) is { } namesake && namesake != draft.Group.Id)
                    throw Taken(draft.Group.Name, namesake);
                await (
                    group is null ? groups.InsertAsync(session, draft.Group) : groups.UpdateAsync(session, draft.Group)
                );
                await audit.WriteAsync(
                    session,
                    caller,
                    group is null ? "create_group" : "change_group",
                    draft.Group.Id.ToString(),
                    draft.Group.Name,
                    time.GetUtcNow()
                );
                return (await groups.FindAsync(session, draft.Group.Id))!;
            },
            cancellation
        );
        bell.RingGroup(saved.Id);
        fleet.Notify();
        return saved;
    }

    private GroupDraft Without(GroupRules rules, GroupResource group, Guid systemId)
    {
        if (group.Members.All(m => m.SystemId != systemId))
            throw Problems.RefusedMissing("member of the group with the host", systemId);
        var kept = Enumerable.Range(0, group.Members.Count).Where(i => group.Members[i].SystemId != systemId).ToList();
        return rules.Apply(
            new GroupDefinition
            {
                Members = [.. kept.Select(i => group.Members[i])],
                Edges =
                    group.Mode != GroupMode.Explicit
                        ? null
                        :
                        [
                            .. group
                                .Edges.Where(e => kept.Contains(e.From) && kept.Contains(e.To))
                                .Select(e => new GroupEdge(kept.IndexOf(e.From), kept.IndexOf(e.To))),
                        ],
            },
            group,
            time.GetUtcNow()
        );
    }

    private static void Refuse(GroupDraft draft)
    {
        var errors = new FieldErrors();
        foreach (var (field, faults) in draft.Faults)
        {
            foreach (var fault in faults)
                errors.Add(field, fault.TrimEnd('.'));
        }
        errors.ThrowIfAny();
    }

    private static RefusedException Taken(string name, Guid namesake) =>
        Problems.Refused(
            StatusCodes.Status409Conflict,
            ProblemCodes.Exists,
            $"A group named '{name}' exists already: {namesake}. Choose another name, or change that one."
        );
}
