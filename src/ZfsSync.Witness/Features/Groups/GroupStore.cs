using System.Text.Json;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Json;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Groups;

/// <summary>The rows of groups and their members.</summary>
internal sealed class GroupStore
{
    private const string Columns = "id, name, hub_system_id, document, revision, created_at, updated_at";

    public async Task<GroupResource?> FindAsync(Session session, Guid id) =>
        (await LoadAsync(session, [id])) is [var group] ? group : null;

    /// <summary>The groups with these ids; those that do not exist are left out.</summary>
    public async Task<IReadOnlyList<GroupResource>> LoadAsync(Session session, IReadOnlyCollection<Guid> ids)
    {
        if (ids.Count == 0)
            return [];
        var rows = await session.QueryAsync<GroupRow>(
            $"select {Columns} from sync_groups where id in @ids",
            new { ids = ids.Select(ColumnMapping.ToColumn) }
        );
        return await WithMembersAsync(session, rows);
    }

    public async Task<IReadOnlyList<GroupResource>> ListAsync(Session session, Page page) =>
        await WithMembersAsync(
            session,
            await session.QueryAsync<GroupRow>(
                $"select {Columns} from sync_groups order by name, id limit @Size offset @Offset",
                new { page.Size, page.Offset }
            )
        );

    public Task<long> CountAsync(Session session) => session.ScalarAsync<long>("select count(*) from sync_groups");

    public async Task<IReadOnlyList<Guid>> IdsAsync(Session session) =>
        [.. (await session.QueryAsync<IdRow>("select id from sync_groups order by id")).Select(r => r.Id)];

    /// <summary>The groups that any of these hosts is a member of.</summary>
    public async Task<IReadOnlyList<Guid>> OfSystemsAsync(Session session, IReadOnlyCollection<Guid> systemIds) =>
        systemIds.Count == 0
            ? []
            :
            [
                .. (
                    await session.QueryAsync<IdRow>(
                        "select distinct group_id as id from group_members where system_id in @ids",
                        new { ids = systemIds.Select(ColumnMapping.ToColumn) }
                    )
                ).Select(r => r.Id),
            ];

    /// <summary>Whether another group has this name, in whatever case.</summary>
    public async Task<Guid?> NamedAsync(Session session, string name) =>
        (
            await session.FindAsync<IdRow>("select id from sync_groups where lower(name) = lower(@name)", new { name })
        )?.Id;

    public async Task InsertAsync(Session session, GroupResource group)
    {
        await session.ExecuteAsync(
            """
            insert into sync_groups (id, name, hub_system_id, document, revision, created_at, updated_at)
            values (@Id, @Name, @HubSystemId, @Document, 1, @CreatedAt, @UpdatedAt)
            """,
            GroupRow.Of(group)
        );
        await InsertMembersAsync(session, group);
    }

    public async Task UpdateAsync(Session session, GroupResource group)
    {
        await session.ExecuteAsync(
            """
            update sync_groups set name = @Name, hub_system_id = @HubSystemId, document = @Document,
                revision = revision + 1, updated_at = @UpdatedAt
            where id = @Id
            """,
            GroupRow.Of(group)
        );
        await session.ExecuteAsync("delete from group_members where group_id = @Id", new { group.Id });
        await InsertMembersAsync(session, group);
    }

    public async Task<bool> DeleteAsync(Session session, Guid id) =>
        await session.ExecuteAsync("delete from sync_groups where id = @id", new { id }) > 0;

    private static Task InsertMembersAsync(Session session, GroupResource group) =>
        session.InsertManyAsync(
            "group_members",
            ["group_id", "position", "system_id", "role", "root"],
            group.Members.Index(),
            (row, member) =>
            {
                row.Add(ColumnMapping.ToColumn(group.Id));
                row.Add(member.Index);
                row.Add(ColumnMapping.ToColumn(member.Item.SystemId));
                row.Add(EnumText<MemberRole>.Of(member.Item.Role));
                row.Add(member.Item.Root);
            }
        );

    private static async Task<IReadOnlyList<GroupResource>> WithMembersAsync(
        Session session,
        IReadOnlyList<GroupRow> rows
    )
    {
        if (rows.Count == 0)
            return [];
        var members = (
            await session.QueryAsync<MemberRow>(
                "select group_id, position, system_id, role, root from group_members where group_id in @ids order by group_id, position",
                new { ids = rows.Select(r => ColumnMapping.ToColumn(r.Id)) }
            )
        ).ToLookup(m => m.GroupId);
        return [.. rows.Select(r => r.ToResource([.. members[r.Id]]))];
    }

    private sealed record IdRow
    {
        public Guid Id { get; init; }
    }

    private sealed record MemberRow
    {
        public Guid GroupId { get; init; }
        public int Position { get; init; }
        public Guid SystemId { get; init; }
        public string Role { get; init; } = "";
        public string? Root { get; init; }
    }

    private sealed record GroupRow
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public Guid? HubSystemId { get; init; }
        public string Document { get; init; } = "";
        public long Revision { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset UpdatedAt { get; init; }

        public static GroupRow Of(GroupResource group) =>
            new()
            {
                Id = group.Id,
                Name = group.Name,
                HubSystemId = group.HubSystemId,
                Document = JsonSerializer.Serialize(
                    group with
                    {
                        Members = [],
                        SystemIds = [],
                    },
                    WireJson.Default.GroupResource
                ),
                CreatedAt = group.CreatedAt,
                UpdatedAt = group.UpdatedAt,
            };

        /// <summary>A host that was removed took its memberships along, so the numbers in explicit edges are moved up.</summary>
        public GroupResource ToResource(IReadOnlyList<MemberRow> members)
        {
            var group = JsonSerializer.Deserialize(Document, WireJson.Default.GroupResource)!;
            var places = members.Select((m, i) => (m.Position, i)).ToDictionary(m => m.Position, m => m.i);
            return group with
            {
                HubSystemId = HubSystemId,
                Members =
                [
                    .. members.Select(m => new GroupMember
                    {
                        SystemId = m.SystemId,
                        Role = EnumText<MemberRole>.Parse(m.Role),
                        Root = m.Root,
                    }),
                ],
                SystemIds = [.. members.Select(m => m.SystemId).Distinct()],
                Edges =
                [
                    .. group
                        .Edges.Where(e => places.ContainsKey(e.From) && places.ContainsKey(e.To))
                        .Select(e => new GroupEdge(places[e.From], places[e.To])),
                ],
                UpdatedAt = UpdatedAt,
            };
        }
    }
}
