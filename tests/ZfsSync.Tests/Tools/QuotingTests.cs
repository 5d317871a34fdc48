using System.Text;
using Shouldly;
using Xunit;
using ZfsSync.Core.Display;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Tools;

/// <summary>The one quoter, through real shells: what goes in comes out as one word. Scenario 105.</summary>
[Trait("Scenario", "105")]
public sealed class QuotingTests
{
    private const int Words = 12_000;
    private static readonly LocalCommandRunner Runner = new();

    [Theory]
    [InlineData("/bin/sh", "")]
    [InlineData("dash", "")]
    [InlineData("busybox", "sh")]
    public async Task Twelve_thousand_hostile_words_pass_a_real_shell_unchanged(string program, string applet)
    {
        await SkipUnlessThere(program);
        string[] before = applet.Length == 0 ? [] : [applet];
        foreach (var batch in HostileWords(new Random(105)).Take(Words).Chunk(300))
        {
            // printf writes each argument behind a NUL-free frame: a word that fell apart, or ran, shows.
            var script = $"printf '<%s>\\n\\001' {ShellQuoter.Join(batch)}";
            var result = await Runner.RunAsync(
                new Command(program, [.. before, "-c", script]),
                null,
                TestContext.Current.CancellationToken
            );
            result.ErrorTail.ShouldBeEmpty();
            result.Output.ShouldBe(string.Concat(batch.Select(word => $"<{word}>\n\u0001")));
        }
    }

    [Theory]
    [InlineData("/bin/sh", "")]
    [InlineData("dash", "")]
    [InlineData("busybox", "sh")]
    public async Task Words_pass_two_shells_as_over_ssh(string program, string applet)
    {
        await SkipUnlessThere(program);
        string[] before = applet.Length == 0 ? [] : [applet];
        foreach (var batch in HostileWords(new Random(7)).Take(1200).Chunk(150))
        {
            // What sshd does: the login shell gets one string with -c; ours starts sh with the program and its words.
            var remote = ShellQuoter.Join(["sh", "-c", "exec \"$@\"", "sh", "printf", "<%s>\\n\\001", .. batch]);
            var result = await Runner.RunAsync(
                new Command(program, [.. before, "-c", remote]),
                null,
                TestContext.Current.CancellationToken
            );
            result.Output.ShouldBe(string.Concat(batch.Select(word => $"<{word}>\n\u0001")));
        }
    }

    private static async Task SkipUnlessThere(string program)
    {
        try
        {
            await Runner.RunAsync(new Command(program, "-c", ":"), null, TestContext.Current.CancellationToken);
        }
        catch (ToolException missing) when (missing.Kind == ToolErrorKind.NotInstalled)
        {
            Assert.Skip($"quoting through {program}: {missing.Message}");
        }
    }

    /// <summary>Names that ZFS allows, texts of shell syntax, and characters of all planes, the same each time for a seed.</summary>
    private static IEnumerable<string> HostileWords(Random random)
    {
        foreach (var word in Known)
            yield return word;
        while (true)
        {
            var text = new StringBuilder();
            var kind = random.Next(4);
            for (var length = random.Next(1, kind == 0 ? 80 : 24); length > 0; length--)
                text.Append(Piece(random, kind));
            yield return text.ToString();
        }
    }

    private static string Piece(Random random, int kind) =>
        kind switch
        {
            0 => ZfsCharacters[random.Next(ZfsCharacters.Length)].ToString(),
            1 => Syntax[random.Next(Syntax.Length)],
            2 => ((char)random.Next(1, 128)).ToString(),
            _ => Scalar(random).ToString(),
        };

    private static Rune Scalar(Random random)
    {
        while (true)
        {
            if (Rune.TryCreate(random.Next(1, 0x110000), out var rune))
                return rune;
        }
    }

    private const string ZfsCharacters = "abcXYZ019-_.: /@#%";

    private static readonly string[] Syntax =
    [
        "'",
        "\"",
        "\\",
        "`",
        "$",
        "$(id)",
        "${HOME}",
        "$((1+1))",
        "`id`",
        "!",
        "!!",
        "*",
        "?",
        "[a-z]",
        "{a,b}",
        "~",
        "~root",
        "#",
        ";",
        "&",
        "&&",
        "|",
        "||",
        "<",
        ">",
        ">>",
        "<<EOF",
        "(",
        ")",
        "\n",
        "\r",
        "\t",
        " ",
        "=",
        "-n",
        "--",
        "%s",
        "%%",
        "\\n",
        "\\0",
        "'\\''",
        "\"'\"",
        "if",
        "done",
        "\u0001",
        "\u001b[31m",
        "\u007f",
        "é",
        "\u2028",
    ];

    private static readonly string[] Known =
    [
        "",
        "-",
        "--",
        "-rf",
        "tank/a b@c d",
        "tank/it's",
        "$(touch /tmp/pwned)",
        "`reboot`",
        "a\nb",
        "\n",
        "'",
        "''",
        "'''",
        "\\",
        "\\'",
        "'; rm -rf / #",
        "\"; id; \"",
        "~",
        "a=b",
        "IFS=x",
        "%d",
        "*",
        "[!a]",
        "{a,b}",
        new string('x', 255),
        new string('\'', 255),
    ];
}
