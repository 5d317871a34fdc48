using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Reports;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Benchmarks.Witness;

/// <summary>All hosts of a generated fleet, reporting over HTTP as agents do, several at a time.</summary>
internal sealed class FleetClient(Uri witness, GeneratedFleet fleet) : IDisposable
{
    private const int FirstReportsAtOnce = 8;
    private const int HostsPrepared = 5 * GeneratedFleet.HostsPerGroup;
    private const int HeadsAtOnce = 16;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromMinutes(5) };
    private readonly Dictionary<int, (Guid Id, string Key)> hosts = [];

    /// <summary>How many snapshots a host took since its first report, of those that took any.</summary>
    private readonly Dictionary<int, int> added = [];

    private long sequence = 1;

    public long NextSequence() => ++sequence;

    /// <summary>A host reported past this client: one more snapshot each time.</summary>
    public void Reported(int host, int changes) => (sequence, added[host]) = (sequence + changes, changes);

    public IReadOnlyDictionary<int, (Guid Id, string Key)> Hosts => hosts;

    /// <summary>The same hosts at another address, after a restart.</summary>
    public FleetClient At(Uri address)
    {
        var client = new FleetClient(address, fleet) { sequence = sequence };
        foreach (var (host, identity) in hosts)
            client.hosts.Add(host, identity);
        foreach (var (host, count) in added)
            client.added.Add(host, count);
        return client;
    }

    public async Task RegisterAsync(int from, int to)
    {
        using var admin = new HttpClient();
        var client = WitnessClient.Connect(admin, witness, WitnessProgram.AdminKey);
        var registered = new ConcurrentDictionary<int, (Guid Id, string Key)>();
        await ForEachAsync(
            Enumerable.Range(from, to - from),
            HeadsAtOnce,
            async host =>
            {
                var hostname = GeneratedFleet.Hostname(host);
                var system = await client.RegisterAsync(
                    new SystemRegistration
                    {
                        Hostname = hostname,
                        Platform = "linux",
                        SshHostname = hostname,
                    },
                    replace: false,
                    CancellationToken.None
                );
                registered[host] = (system.Id, system.ApiKey!);
            }
        );
        foreach (var (host, identity) in registered)
            hosts.Add(host, identity);
    }

    /// <summary>First reports of these hosts: head, datasets, lists. The time that the requests took, without making them.</summary>
    public async Task<TimeSpan> ReportFirstAsync(int from, int to)
    {
        var spent = TimeSpan.Zero;
        foreach (var some in Enumerable.Range(from, to - from).Chunk(HostsPrepared))
        {
            var requests = some.Where(IsFirst)
                .Concat(some.Where(IsLast))
                .ToDictionary(host => host, host => HostRequests.Of(fleet.Inventory(host), sequence: 1));
            var started = Stopwatch.GetTimestamp();
            // All but the last host of a group have the same to say as the first.
            await ForEachAsync(
                some,
                FirstReportsAtOnce,
                async host =>
                    await SendAsync(host, requests[IsLast(host) ? host : host - (host % GeneratedFleet.HostsPerGroup)])
            );
            spent += Stopwatch.GetElapsedTime(started);
        }
        return spent;
    }

    /// <summary>Each host says once by digest that it is unchanged.</summary>
    public async Task<TimeSpan> ReportUnchangedAsync(long sequence)
    {
        var heads = hosts.Keys.GroupBy(host => host / GeneratedFleet.HostsPerGroup).SelectMany(HeadsOf).ToList();
        var started = Stopwatch.GetTimestamp();
        await ForEachAsync(
            heads,
            HeadsAtOnce,
            async head => Expect(ReportStatus.Accepted, await PostAsync(head.Host, head.Body))
        );
        return Stopwatch.GetElapsedTime(started);

        IEnumerable<(int Host, byte[] Body)> HeadsOf(IEnumerable<int> group)
        {
            var members = group.Order().ToList();
            var first = HostRequests.HeadOnly(
                fleet.Inventory(members[0], added.GetValueOrDefault(members[0])),
                sequence
            );
            var same = HostRequests.HeadOnly(fleet.Inventory(members[1]), sequence);
            var last = HostRequests.HeadOnly(fleet.Inventory(members[^1]), sequence);
            return members.Select(host =>
                (
                    host,
                    host == members[0] ? first
                    : host == members[^1] ? last
                    : same
                )
            );
        }
    }

    public void Dispose() => http.Dispose();

    private async Task SendAsync(int host, HostRequests requests)
    {
        Expect(ReportStatus.NeedsDatasets, await PostAsync(host, requests.Head));
        Expect(ReportStatus.NeedsLists, await PostAsync(host, requests.Datasets));
        ReportAnswer? last = null;
        foreach (var part in requests.Lists)
            last = await PostAsync(host, part);
        Expect(ReportStatus.Accepted, last!);
    }

    private static void Expect(ReportStatus expected, ReportAnswer answer)
    {
        if (answer.Status != expected)
            throw new InvalidOperationException($"The witness answered {answer.Status} instead of {expected}.");
    }

    private async Task<ReportAnswer> PostAsync(int host, byte[] body)
    {
        var (id, key) = hosts[host];
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(witness, $"{Routes.DefaultPrefix}/{Routes.Reports(id)}")
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsByteArrayAsync();
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(
                $"The witness answered {(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(text)}"
            );
        return JsonSerializer.Deserialize(text, WireJson.Default.ReportAnswer)!;
    }

    private static bool IsFirst(int host) => host % GeneratedFleet.HostsPerGroup == 0;

    private static bool IsLast(int host) => host % GeneratedFleet.HostsPerGroup == GeneratedFleet.HostsPerGroup - 1;

    private static Task ForEachAsync<T>(IEnumerable<T> items, int atOnce, Func<T, Task> act) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (item, _) => await act(item)
        );
}
