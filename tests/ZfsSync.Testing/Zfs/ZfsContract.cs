using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Testing.Zfs;

/// <summary>
/// What zfs-sync takes for granted about zfs, as facts that hold on the simulated ZFS and on real releases. In command
/// lines and texts, <c>S</c> stands for an own dataset on the source pool, <c>T</c> for one on the target pool.
/// </summary>
public abstract partial class ZfsContract(ZfsUnderTest zfs) : IAsyncLifetime
{
    private readonly string _name = zfs.NextName();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
    private string Source => $"{ZfsUnderTest.SourcePool}/{_name}";
    private string Target => $"{ZfsUnderTest.TargetPool}/{_name}";

    public async ValueTask InitializeAsync()
    {
        await zfs.CreateAsync(Source, [], [], Cancellation);
        await zfs.CreateAsync(Target, [], [], Cancellation);
    }

    /// <summary>The pools are thrown away as a whole.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs zfs with the words of the line, which must succeed, and gives its output.</summary>
    protected Task<string> Ok(string line) => Ok(Words(line));

    protected async Task<string> Ok(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        result.ExitCode.ShouldBe(0, $"zfs {string.Join(' ', arguments)}: {result.ErrorTail}");
        return Shown(result.Output);
    }

    /// <summary>Runs zfs, which must fail with this code and exactly this text; of a usage, the text before it.</summary>
    protected async Task Refuses(string line, int exitCode, string text)
    {
        var result = await RunAsync(Words(line));
        Shown(Told(result)).ShouldBe(text);
        result.ExitCode.ShouldBe(exitCode);
    }

    protected async Task RefusesOrdinaryUser(string line, int exitCode, string text)
    {
        var result = await RunAsync(Words(line), isOrdinaryUser: true);
        Shown(Told(result)).ShouldBe(text);
        result.ExitCode.ShouldBe(exitCode);
    }

    protected async Task OrdinaryUser(string line)
    {
        var result = await RunAsync(Words(line), isOrdinaryUser: true);
        result.ExitCode.ShouldBe(0, result.ErrorTail);
    }

    /// <summary>Property values of one dataset or snapshot, in the order asked for.</summary>
    protected async Task<string[]> Values(string dataset, string properties) =>
        (await Ok($"get -Hp -o value {properties} {dataset}")).TrimEnd('\n').Split('\n');

    protected async Task<string> Value(string dataset, string property) => (await Values(dataset, property))[0];

    protected async Task<string[]> Lines(string line) =>
        (await Ok(line)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The names of a dataset's snapshots, oldest first.</summary>
    protected async Task<string[]> SnapshotsOf(string dataset) =>
        [.. (await Lines($"list -H -t snapshot -o name {dataset}")).Select(name => name.Split('@')[1])];

    protected Task Write(string dataset, string file = "file", int bytes = 1 << 20) =>
        zfs.WriteAsync(Real(dataset), file, bytes, Cancellation);

    protected Task<IReadOnlyDictionary<string, string>> Hashes(string dataset) =>
        zfs.HashesAsync(Real(dataset), Cancellation);

    /// <summary>A filesystem with a file, and a snapshot of it for each name, with a change before each.</summary>
    protected Task History(string dataset, params string[] snapshots) =>
        zfs.CreateAsync(Real(dataset), [], snapshots, Cancellation);

    /// <summary>zfs send into zfs receive; both must succeed.</summary>
    protected async Task Transfers(string send, string receive)
    {
        var result = await PipeAsync(send, receive);
        result.IsSuccess.ShouldBeTrue(
            $"{send} | {receive}: {string.Join("", result.Stages.Select(stage => stage.ErrorTail))}"
        );
    }

    /// <summary>zfs receive must fail with this text and 1.</summary>
    protected async Task RefusesStream(string send, string receive, string text, bool isOrdinaryUser = false)
    {
        var result = await PipeAsync(send, receive, isOrdinaryUser);
        Shown(Told(result.Stages[^1])).ShouldBe(text);
        result.Stages[^1].ExitCode.ShouldBe(1);
    }

    /// <summary>zfs send must fail with this text, and the receive finds nothing.</summary>
    protected async Task RefusesToSend(string send, string text, int exitCode = 1)
    {
        var result = await PipeAsync(send, "T/never", isOrdinaryUser: false);
        Shown(Told(result.Stages[0])).ShouldBe(text);
        result.Stages[0].ExitCode.ShouldBe(exitCode);
        Shown(Told(result.Stages[^1])).ShouldBe("cannot receive: failed to read from stream");
        result.Stages[^1].ExitCode.ShouldBe(1);
    }

    /// <summary>The first bytes of a stream arrive; of a negative number, all but so many.</summary>
    protected async Task<CommandResult> Cut(string send, string receive, int bytes = 500_000)
    {
        var result = await zfs.CutAsync(Words(send), Words(receive), bytes, Cancellation);
        result.Stages[^1].ExitCode.ShouldBe(1, result.Stages[^1].ErrorTail);
        return result.Stages[^1];
    }

    protected Task<PipeResult> PipeAsync(string send, string receive, bool isOrdinaryUser = false) =>
        zfs.Runner.PipeAsync(
            [
                zfs.Address(new Command("zfs", ["send", .. Words(send)]), isOrdinaryUser: false),
                zfs.Address(new Command("zfs", ["receive", .. Words(receive)]), isOrdinaryUser),
            ],
            PipeOptions.None,
            Cancellation
        );

    /// <summary>Several of each, in one pipe.</summary>
    protected Task<PipeResult> TurnsAsync(string[] sends, string[] receives) =>
        zfs.Runner.PipeAsync([Stage("send", sends), Stage("receive", receives)], PipeOptions.None, Cancellation);

    private Command Stage(string verb, string[] lines) =>
        StreamStage.Of(
            [.. lines.Select(line => zfs.Address(new Command("zfs", [verb, .. Words(line)]), isOrdinaryUser: false))],
            StreamPacking.None
        );

    protected Task<CommandResult> RunAsync(string[] arguments, bool isOrdinaryUser = false) =>
        zfs.Runner.RunAsync(
            zfs.Address(new Command("zfs", [.. arguments.Select(Real)]), isOrdinaryUser),
            null,
            Cancellation
        );

    protected static string Told(CommandResult result) => ToldText(result.ErrorTail);

    private static string ToldText(string text)
    {
        var usage = text.IndexOf("usage:", StringComparison.Ordinal);
        return (usage < 0 ? text : text[..usage]).TrimEnd();
    }

    private string[] Words(string line) => [.. line.Split(' ').Select(Real)];

    /// <summary>S and T at the start of a name are the scenario's own datasets.</summary>
    private string Real(string word)
    {
        var at =
            word is "S" or "T" ? 0
            : word.Length > 1 && word[0] is 'S' or 'T' && word[1] is '/' or '@' or '#' ? 0
            : -1;
        return at < 0 ? word : (word[0] == 'S' ? Source : Target) + word[1..];
    }

    private string Shown(string text) =>
        text.Replace(Source, "S", StringComparison.Ordinal).Replace(Target, "T", StringComparison.Ordinal);
}
