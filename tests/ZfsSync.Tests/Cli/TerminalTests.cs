using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Edges;

namespace ZfsSync.Tests.Cli;

public sealed class TerminalTests
{
    private const char Escape = '\u001b';

    [Fact]
    public async Task Colours_are_for_terminals()
    {
        using var terminal = new Room { IsTerminal = true };
        Fleet.Fill(terminal, Fleet.Conflict);
        await terminal.RunAsync("status");
        terminal.Out.ShouldContain(Escape);
        using var pipe = Fleet.Room(Fleet.Conflict);
        await pipe.RunAsync("status");
        pipe.Out.ShouldNotContain(Escape);
    }

    [Theory]
    [InlineData("NO_COLOR", "1")]
    [InlineData("TERM", "dumb")]
    public async Task No_color_and_dumb_terminals_get_no_escape_at_all(string variable, string value)
    {
        using var room = new Room { IsTerminal = true };
        room.Set(variable, value);
        Fleet.Fill(room, Fleet.Conflict, Fleet.Behind);
        foreach (var command in new[] { "status", "plan", "runs", "--help" })
        {
            await room.RunAsync(command);
            room.Out.ShouldNotContain(Escape);
        }
    }

    [Theory]
    [InlineData("plain-name_1.2:3 4", "plain-name_1.2:3 4")]
    [InlineData("a\u001b[31mb", "a\\u001b[31mb")]
    [InlineData("a\nb\tc\r", "a\\u000ab\\u0009c\\u000d")]
    [InlineData("abc\u202egpj.exe", "abc\\u202egpj.exe")]
    [InlineData("zero\u200bwidth", "zero\\u200bwidth")]
    [InlineData("\u0085\u009b2J", "\\u0085\\u009b2J")]
    [InlineData("Größe 漢字", "Größe 漢字")]
    [InlineData("tag \U000E0041", "tag \\U000e0041")]
    public void Text_from_elsewhere_cannot_command_the_terminal(string text, string shown) =>
        SafeText.Neutralise(text).ShouldBe(shown);

    [Fact]
    public async Task Hostile_names_are_neutralised_everywhere()
    {
        const string evil = "x\u001b]0;owned\u0007\u202e";
        using var room = Fleet.Room(
            Fleet.Conflict with
            {
                Text = evil,
                Evidence = [evil],
                Source = Fleet.Conflict.Source with { Hostname = evil, Dataset = evil },
                LastError = evil,
            }
        );
        foreach (var command in new[] { "status", "plan" })
        {
            await room.RunAsync(command);
            room.Out.ShouldContain("\\u001b]0;owned\\u0007\\u202e");
            room.Out.ShouldNotContain(Escape);
            room.Out.ShouldNotContain('\u202e');
        }
        await room.RunAsync("plan", "--json");
        room.Out.ShouldNotContain(Escape);
        JsonDocument.Parse(room.Out).RootElement[0].GetProperty("text").GetString().ShouldBe(evil);
    }

    [Fact]
    public async Task A_table_is_not_wrapped_in_a_pipe()
    {
        var longName = string.Join('/', Enumerable.Repeat("component", 20));
        using var room = Fleet.Room(Fleet.Behind with { Target = new EdgeSide(Fleet.Beta.Id, "beta", longName) });
        await room.RunAsync("group", "show", "backup");
        room.Out.Split('\n').ShouldContain(line => line.Contains(longName, StringComparison.Ordinal));
    }
}
