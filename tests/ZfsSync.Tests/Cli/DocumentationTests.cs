using System.Text.RegularExpressions;
using Shouldly;
using Xunit;
using ZfsSync.Cli;
using ZfsSync.Tests.Architecture;

namespace ZfsSync.Tests.Cli;

/// <summary>What the documents tell people to type.</summary>
public sealed partial class DocumentationTests
{
    public static TheoryData<string, string> Commands() =>
        [
            .. Documents()
                .SelectMany(document =>
                    CodeBlock()
                        .Matches(document.Text)
                        .SelectMany(block => block.Groups["lines"].Value.Split('\n'))
                        .Select(line => ZfsSyncCommand().Match(line))
                        .Where(match => match.Success)
                        .Select(match => (document.Path, match.Groups["arguments"].Value.Trim()))
                )
                .Distinct(),
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_in_the_documents_is_one_that_zfs_sync_takes(string document, string arguments)
    {
        using var room = new Room();
        var parse = CommandTree.Build(room.Surroundings()).Parse(Words(arguments));
        parse.Errors.Select(error => error.Message).ShouldBeEmpty($"{document}: zfs-sync {arguments}");
        parse.CommandResult.Command.Action.ShouldNotBeNull($"{document}: zfs-sync {arguments} does nothing");
    }

    [Fact]
    public void Every_file_that_a_document_links_to_is_there()
    {
        foreach (var document in Documents())
        {
            var folder = Path.Combine(SourceTree.Root, Path.GetDirectoryName(document.Path)!);
            foreach (Match link in Link().Matches(document.Text))
            {
                var target = Path.Combine(folder, link.Groups["target"].Value);
                (File.Exists(target) || Directory.Exists(target)).ShouldBeTrue($"{document.Path} links to {target}");
            }
        }
    }

    private static IEnumerable<SourceFile> Documents() =>
        SourceTree
            .Files("docs", ".md")
            .Append(new SourceFile("README.md", File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"))));

    private static string[] Words(string line) =>
        [
            .. Word()
                .Matches(line)
                .Select(word =>
                    word.Value.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal)
                ),
        ];

    [GeneratedRegex(@"^```sh\n(?<lines>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    /// <summary>A line's command, alone or after sudo, without what follows it for the shell or for the reader.</summary>
    [GeneratedRegex(@"^(sudo -u \w+ )?(zfs-sync|\./run) (?<arguments>[^#&|<\s][^#&|<]*?)\s*($|&|\||<|#| #)")]
    private static partial Regex ZfsSyncCommand();

    [GeneratedRegex(@"('[^']*'|""[^""]*""|\S)+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\]\((?!https?:|#|/)(?<target>[^)#]+)")]
    private static partial Regex Link();
}
