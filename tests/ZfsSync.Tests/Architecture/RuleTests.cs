using Shouldly;
using Xunit;

namespace ZfsSync.Tests.Architecture;

/// <summary>Each rule is shown a tree that breaks it, then the real tree: a rule that nobody has seen red is not one.</summary>
public sealed class RuleTests
{
    [Fact]
    public void Projects_refer_to_each_other_only_as_the_map_says() =>
        Holds(
            Rules.ProjectReferences,
            SourceTree.Files("src", ".csproj"),
            File(
                "src/ZfsSync.Core/ZfsSync.Core.csproj",
                """<Project><ItemGroup><ProjectReference Include="../ZfsSync.Tools/ZfsSync.Tools.csproj" /></ItemGroup></Project>"""
            )
        );

    [Fact]
    public void Core_uses_the_base_library_only() =>
        Holds(
            Rules.CoreHasNoPackages,
            SourceTree.Files("src", ".csproj"),
            File("src/ZfsSync.Core/ZfsSync.Core.csproj", """<Project><PackageReference Include="Dapper" /></Project>""")
        );

    [Fact]
    public void Processes_start_in_one_place() =>
        Holds(
            Rules.ProcessesStartInOnePlace,
            SourceTree.Files("src", ".cs"),
            File("src/ZfsSync.Agent/Restart.cs", "var started = Process.Start(\"zfs\");")
        );

    [Fact]
    public void Sql_lives_in_stores() =>
        Holds(
            Rules.SqlLivesInStores,
            SourceTree.Files("src", ".cs"),
            File("src/ZfsSync.Witness/Features/Systems/SystemEndpoints.cs", "db.Query(\"select id from systems\")")
        );

    [Fact]
    public void Files_have_at_most_500_lines() =>
        Holds(
            Rules.FilesAreShort,
            [.. SourceTree.Files("src", ".cs", ".razor", ".css", ".js"), .. SourceTree.Files("tests", ".cs")],
            File("src/ZfsSync.Core/Everything.cs", string.Concat(Enumerable.Repeat("\n", 501)))
        );

    [Theory]
    [InlineData("src/ZfsSync.Agent/AgentHelper.cs", "")]
    [InlineData("src/ZfsSync.Agent/Utils/Retry.cs", "")]
    [InlineData("src/ZfsSync.Agent/Retry.cs", "class Retry" + "Manager {}")]
    public void Names_say_something(string path, string text) =>
        Holds(
            Rules.NamesSaySomething,
            [.. SourceTree.Files("src", ".cs", ".razor"), .. SourceTree.Files("tests", ".cs")],
            File(path, text)
        );

    [Fact]
    public void A_file_has_one_public_type() =>
        Holds(
            Rules.OnePublicTypePerFile,
            SourceTree.Files("src", ".cs"),
            File("src/ZfsSync.Core/Pair.cs", "public sealed record One;\npublic enum Two { A }\n")
        );

    [Fact]
    public void Nothing_is_left_unfinished() =>
        Holds(
            Rules.NothingIsUnfinished,
            SourceTree.Files("src", ".cs", ".razor", ".sh", ".sql"),
            File("src/ZfsSync.Core/Later.cs", "throw new Not" + "ImplementedException();")
        );

    [Fact]
    public void Program_is_a_table_of_contents() =>
        Holds(
            Rules.ProgramIsATableOfContents,
            SourceTree.Files("src", ".cs"),
            File("src/ZfsSync.Cli/Program.cs", string.Concat(Enumerable.Repeat("\n", 81)))
        );

    private static void Holds(
        Func<IEnumerable<SourceFile>, IEnumerable<string>> rule,
        IReadOnlyList<SourceFile> tree,
        SourceFile breaksIt
    )
    {
        rule([breaksIt]).ShouldNotBeEmpty("the rule must see the broken example");
        tree.ShouldNotBeEmpty();
        rule(tree).ShouldBeEmpty();
    }

    private static SourceFile File(string path, string text) => new(path, text);
}
