using System.Net;
using System.Text;
using ZfsSync.Cli;
using ZfsSync.Contracts.Json;
using ZfsSync.Simulation;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Cli;

/// <summary>A place of its own to type commands in: own data directory, environment, clock, terminal, and a witness that answers from a table.</summary>
internal sealed class Room : IDisposable
{
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (HttpStatusCode Status, Func<string> Body)> _answers = new(
        StringComparer.Ordinal
    );
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public Room()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("zfs-sync-cli").FullName;
        Set("ZFS_SYNC_DATA_DIR", Directory);
        Set("ZFS_SYNC_API_KEY", "secret");
    }

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public string Directory { get; }

    public bool IsTerminal { get; init; }

    public string Typed { get; init; } = "";

    /// <summary>What runs when a command runs a program; a host without pools by default.</summary>
    public ICommandRunner? Programs { get; init; }

    public TimeProvider Time { get; init; } = new PatientTime();

    /// <summary>What is at the end of an interrupt.</summary>
    public CancellationToken Interrupt { get; init; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    /// <summary>Requests as <c>METHOD path body</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Called with each request as it comes.</summary>
    public Action<string>? OnRequest { get; init; }

    /// <summary>The keys that came with requests.</summary>
    public List<string?> Keys { get; } = [];

    /// <summary>Whether requests go out, to a witness that the test started.</summary>
    public bool IsWitnessReal { get; init; }

    /// <summary>Whether nothing listens at the witness's address.</summary>
    public bool IsWitnessAway { get; set; }

    public void Set(string name, string? value)
    {
        if (value is null)
            _variables.Remove(name);
        else
            _variables[name] = value;
    }

    /// <summary>What the witness answers to a method and path (without prefix and query).</summary>
    public void Answers<T>(
        string request,
        T value,
        Func<WireJson, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>> type,
        HttpStatusCode status = HttpStatusCode.OK
    ) => _answers[request] = (status, () => System.Text.Json.JsonSerializer.Serialize(value, type(WireJson.Default)));

    /// <summary>One answer after the other; the last one stays.</summary>
    public void AnswersInTurn<T>(
        string request,
        Func<WireJson, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>> type,
        params T[] values
    )
    {
        var turn = 0;
        _answers[request] = (
            HttpStatusCode.OK,
            () =>
                System.Text.Json.JsonSerializer.Serialize(
                    values[Math.Min(turn++, values.Length - 1)],
                    type(WireJson.Default)
                )
        );
    }

    public async Task<int> RunAsync(params string[] arguments)
    {
        _out.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        return await CommandLine.RunAsync(arguments, Surroundings(), Interrupt);
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    public Surroundings Surroundings() =>
        new()
        {
            Out = _out,
            Error = _error,
            In = new StringReader(Typed),
            IsOutTerminal = IsTerminal,
            IsErrorTerminal = IsTerminal,
            IsInTerminal = IsTerminal,
            WidthColumns = IsTerminal ? 120 : null,
            Variable = name => _variables.GetValueOrDefault(name),
            Time = Time,
            Random = new Random(1),
            Http = () => IsWitnessReal ? new HttpClient() : new HttpClient(new Table(this)),
            Runner = Programs ?? Runner(),
            HomeDirectory = Directory,
            Hostname = "here",
            ProgramDirectory = Directory,
        };

    private static ICommandRunner Runner()
    {
        var fleet = new SimulatedFleet(TimeProvider.System, seed: 1);
        fleet.AddHost("here");
        return fleet.RunnerOn("here");
    }

    /// <summary>A clock that stands still, save that the pauses of polling pass at once.</summary>
    private sealed class PatientTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.FromSeconds(1) || dueTime < TimeSpan.Zero)
                return base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class Table(Room room) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (room.IsWitnessAway)
                throw new HttpRequestException("Connection refused");
            var path = request.RequestUri!.AbsolutePath.Replace("/api/v1/", "", StringComparison.Ordinal);
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            room.Requests.Add($"{request.Method} {path} {body}".TrimEnd());
            room.Keys.Add(request.Headers.Authorization?.Parameter);
            room.OnRequest?.Invoke($"{request.Method} {path}");
            if (!room._answers.TryGetValue($"{request.Method} {path}", out var answer))
                return new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("{}") };
            return new HttpResponseMessage(answer.Status)
            {
                Content = new StringContent(answer.Body(), Encoding.UTF8, "application/json"),
            };
        }
    }
}
