using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness;

/// <summary>
/// A witness with hosts whose inventory the test sets: <c>Report(alpha, "tank", ("tank/d", "1 2 3"))</c>. A snapshot n has
/// guid n, the name sn, and was taken n hours after the first of January.
/// </summary>
internal sealed class FleetRoom : IAsyncDisposable
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private FleetRoom(TestWitness witness) => Witness = witness;

    public TestWitness Witness { get; }

    public static async Task<FleetRoom> OpenAsync(DatabaseKind kind = DatabaseKind.Sqlite) =>
        new(await TestWitness.StartAsync(kind));

    public Task<TestHost> JoinAsync(string hostname) => Witness.JoinAsync(hostname);

    /// <summary>The host's whole inventory as it is now; what is not named is gone.</summary>
    public async Task ReportAsync(TestHost host, string pool, params (string Name, string Snapshots)[] datasets)
    {
        var now = Witness.Time.GetUtcNow();
        var all = datasets.Select(d => d.Name).Append(pool).Distinct(StringComparer.Ordinal).ToList();
        await Witness
            .Services.GetRequiredService<Database>()
            .WriteAsync(
                async session =>
                {
                    await session.ExecuteAsync("delete from datasets where system_id = @Id", new { host.Id });
                    await session.ExecuteAsync(
                        """
                        update systems set agent_version = coalesce(agent_version, @agent), pools = @pools, last_seen = @now,
                            last_report = @now, last_sequence = last_sequence + 1, report_complete = @yes where id = @Id
                        """,
                        new
                        {
                            host.Id,
                            agent = Scripted.Contains(host.Hostname) ? null : "0.1.0",
                            pools = $$"""[{"name":"{{pool}}"}]""",
                            now,
                            yes = true,
                        }
                    );
                    foreach (var name in all)
                        await InsertAsync(
                            session,
                            host,
                            name,
                            datasets.FirstOrDefault(d => d.Name == name).Snapshots ?? ""
                        );
                },
                CancellationToken.None
            );
        Witness.Services.GetRequiredService<PlanningBell>().RingAll(host.Id);
    }

    /// <summary>Hosts that report by script.</summary>
    public HashSet<string> Scripted { get; } = new(StringComparer.Ordinal);

    public Task EncryptAsync(params string[] datasets) =>
        Witness
            .Services.GetRequiredService<Database>()
            .WriteAsync(
                async session =>
                {
                    foreach (var name in datasets)
                        await session.ExecuteAsync(
                            "update datasets set encryption_root = @name, key_loaded = @yes where name = @name",
                            new { name, yes = true }
                        );
                },
                CancellationToken.None
            );

    public Task<GroupResource> GroupAsync(TestHost hub, params TestHost[] targets) =>
        Witness.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = "g",
                SystemIds = [hub.Id, .. targets.Select(t => t.Id)],
                Directional = true,
                HubSystemId = hub.Id,
            },
            CancellationToken.None
        );

    /// <summary>Plans now, and says what was decided.</summary>
    public async Task<IReadOnlyList<EdgeResource>> CheckAsync(Guid groupId) =>
        (await Witness.Admin.CheckAsync(groupId, CancellationToken.None)).Edges;

    /// <summary>What time alone has changed.</summary>
    public Task TickAsync() => Witness.Services.GetRequiredService<PlanningLoop>().TickAsync(CancellationToken.None);

    public async Task<ClaimAnswer> ClaimAsync(TestHost host)
    {
        var pending = await host.Client.InstructionsAsync(host.Id, 0, CancellationToken.None);
        return await host.Client.ClaimAsync(pending[0].InstructionId, new ClaimRequest("a1"), CancellationToken.None);
    }

    public Task<OutcomeAnswer> OutcomeAsync(
        TestHost host,
        ClaimAnswer claim,
        OutcomeResult result,
        string? kind = null
    ) =>
        host.Client.OutcomeAsync(
            claim.Instruction.InstructionId,
            new OutcomeReport
            {
                LeaseId = claim.LeaseId,
                Result = result,
                ErrorKind = kind,
                ErrorText = kind is null ? null : $"it said {kind}",
                Bytes = 4096,
                StepsDone = result == OutcomeResult.Done ? 1 : 0,
                StartedAt = Witness.Time.GetUtcNow(),
                FinishedAt = Witness.Time.GetUtcNow(),
            },
            CancellationToken.None
        );

    public async Task<JsonElement> GetAsync(string path, string? key = TestWitness.AdminKey) =>
        await Witness.Http(key).GetFromJsonAsync<JsonElement>(path);

    public ValueTask DisposeAsync() => Witness.DisposeAsync();

    private static async Task InsertAsync(Session session, TestHost host, string name, string snapshots)
    {
        var id = await session.ScalarAsync<long>(
            """
            insert into datasets (system_id, name, kind, written, reported_at) values (@Id, @name, 'filesystem', 0, 1)
            returning id
            """,
            new { host.Id, name }
        );
        foreach (var text in snapshots.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var number = ulong.Parse(text, CultureInfo.InvariantCulture);
            await session.ExecuteAsync(
                """
                insert into snapshots (dataset_id, guid, guid_known, name, createtxg, created_at, first_seen, changed_at)
                values (@id, @guid, @yes, @name, @number, @at, 1, 1)
                """,
                new
                {
                    id,
                    guid = new SnapshotGuid(number),
                    yes = true,
                    name = "s" + text,
                    number = (long)(number % 1_000_000),
                    at = Epoch.AddHours(number % 1_000_000),
                }
            );
        }
    }
}
