using Shouldly;
using Xunit;
using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Agent.Storage;
using ZfsSync.Agent.Work;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tests.Agent;

public sealed class AgentFilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("zfs-sync-agent-").FullName;
    private readonly List<string> _log = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_second_agent_on_one_data_directory_is_refused()
    {
        using (AgentLock.Take(_directory))
            Should.Throw<AgentException>(() => AgentLock.Take(_directory)).Message.ShouldContain("Another agent");
        AgentLock.Take(_directory).Dispose();
    }

    [Fact]
    public void Only_the_owner_reads_the_key_whatever_mode_the_file_had()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = Path.Combine(_directory, "key.json");
        File.WriteAllText(path + ".new", "left by a crash");
        File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Identity().Save(path);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AgentIdentity.Load(path).ShouldBe(Identity());
        Identity().ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void A_damaged_key_file_says_what_to_do()
    {
        var path = Path.Combine(_directory, "key.json");
        AgentIdentity.TryLoad(path).ShouldBeNull();
        Should.Throw<AgentException>(() => AgentIdentity.Load(path)).Message.ShouldContain("zfs-sync join");
        File.WriteAllText(path, "{\"witness\":");
        Should.Throw<AgentException>(() => AgentIdentity.Load(path)).Message.ShouldContain("Join again");
    }

    [Fact]
    public async Task Runs_that_end_together_send_each_outcome_once()
    {
        using var slow = new SlowWitness();
        using var http = new HttpClient(slow);
        var witness = new Uri("http://witness");
        var journal = new InstructionJournal(_directory, durable: false, (_, _) => { });
        var outcomes = new OutcomeBox(WitnessClient.Connect(http, witness, "key"), journal, (_, _) => { });
        var sending = new List<Task>();
        for (var i = 0; i < 3; i++)
        {
            outcomes.Put(Entry() with { IsTidy = true, Outcome = Outcome() });
            sending.Add(outcomes.SendAsync(CancellationToken.None));
        }
        slow.Answer.SetResult();
        await Task.WhenAll(sending);

        slow.Asked.Distinct().Count().ShouldBe(3);
        slow.Asked.Count.ShouldBe(3);
        journal.Load().ShouldBeEmpty();
    }

    [Fact]
    public void Sequence_numbers_are_never_given_twice()
    {
        new SequenceFile(_directory, durable: true).Next().ShouldBe(1);
        var second = new SequenceFile(_directory, durable: true);
        second.Next().ShouldBe(2);
        second.Raise(40);
        second.Raise(7);
        second.Next().ShouldBe(41);
        new SequenceFile(_directory, durable: true).Next().ShouldBe(42);
    }

    [Fact]
    public void The_journal_gives_back_what_was_written()
    {
        var entry = Entry();
        Journal().Write(entry);
        var read = Journal().Load().ShouldHaveSingleItem();
        read.StartedAt.ShouldBe(entry.StartedAt);
        read.Outcome.ShouldBeNull();
        read.Instruction.Steps.ShouldHaveSingleItem().ToGuid.ShouldBe(new SnapshotGuid(ulong.MaxValue));

        var ended = entry with { Outcome = Outcome(), IsTidy = true };
        Journal().Write(ended);
        Journal().Load().ShouldHaveSingleItem().Outcome!.ArrivedGuid.ShouldBe(new SnapshotGuid(7));
        Journal().Write(ended with { IsAcknowledged = true });
        Journal().Load().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"started_at\":\"2026-01-01T00:00:00Z\",\"acknow")]
    [InlineData("{}")]
    [InlineData("[1]")]
    public void A_torn_journal_file_is_put_aside_and_told_of(string content)
    {
        Journal().Write(Entry());
        var torn = Path.Combine(_directory, "journal", "torn.json");
        File.WriteAllText(torn, content);
        Journal().Load().Count.ShouldBe(1);
        File.Exists(torn + ".damaged").ShouldBeTrue();
        _log.ShouldHaveSingleItem().ShouldContain("damaged");
        Journal().Load().Count.ShouldBe(1);
    }

    [Fact]
    public void Pauses_grow_within_bounds_and_start_over()
    {
        var pause = new RetryPause(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), new Random(1));
        var pauses = Enumerable.Range(0, 50).Select(_ => pause.Next().TotalSeconds).ToList();
        pauses[0].ShouldBeInRange(0.5, 1);
        pauses.ShouldAllBe(seconds => seconds <= 10);
        pauses[^1].ShouldBeInRange(5, 10);
        pause.Reset();
        pause.Next().TotalSeconds.ShouldBeInRange(0.5, 1);
    }

    [Fact]
    public void Who_is_told_when_to_come_back_does_not_come_earlier_nor_all_at_once()
    {
        var pauses = Enumerable
            .Range(0, 50)
            .Select(seed =>
                new RetryPause(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(60), new Random(seed))
                    .Next(TimeSpan.FromSeconds(5))
                    .TotalSeconds
            )
            .ToList();
        pauses.ShouldAllBe(seconds => seconds >= 6 && seconds <= 7);
        pauses.Distinct().Count().ShouldBeGreaterThan(25);
    }

    private InstructionJournal Journal() => new(_directory, durable: true, (_, text) => _log.Add(text));

    private static AgentIdentity Identity() =>
        new()
        {
            Witness = new Uri("http://witness:8000"),
            SystemId = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
            Hostname = "alpha",
            AgentId = "a",
            ApiKey = "secret",
        };

    /// <summary>Answers one after the other, and only when all have come that will.</summary>
    private sealed class SlowWitness : HttpMessageHandler
    {
        public TaskCompletionSource Answer { get; } = new();

        public List<string> Asked { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Asked.Add(request.RequestUri!.AbsolutePath);
            await Answer.Task;
            return new HttpResponseMessage
            {
                Content = new StringContent("""{"state":"done"}""", null, "application/json"),
            };
        }
    }

    private static OutcomeReport Outcome() =>
        new()
        {
            LeaseId = Guid.NewGuid(),
            Result = OutcomeResult.Done,
            StartedAt = DateTimeOffset.UnixEpoch,
            FinishedAt = DateTimeOffset.UnixEpoch,
            ArrivedGuid = new SnapshotGuid(7),
        };

    private static JournalEntry Entry() =>
        new()
        {
            StartedAt = DateTimeOffset.UnixEpoch.AddDays(20_000),
            Claim = new ClaimAnswer(
                Guid.NewGuid(),
                60,
                new Instruction
                {
                    InstructionId = Guid.NewGuid(),
                    EdgeId = "0123456789abcdef",
                    SyncGroupId = Guid.NewGuid(),
                    LogicalDataset = "data",
                    Kind = InstructionKind.Replicate,
                    Source = new()
                    {
                        SystemId = Guid.NewGuid(),
                        Hostname = "a",
                        Dataset = "tank/data",
                    },
                    Target = new()
                    {
                        SystemId = Guid.NewGuid(),
                        Hostname = "b",
                        Dataset = "backup/data",
                    },
                    ExecutorSystemId = Guid.NewGuid(),
                    Flags = SendFlags.Default,
                    Steps =
                    [
                        new()
                        {
                            Kind = StepKind.Full,
                            ToGuid = new SnapshotGuid(ulong.MaxValue),
                            ToName = "x y",
                        },
                    ],
                }
            ),
        };
}
