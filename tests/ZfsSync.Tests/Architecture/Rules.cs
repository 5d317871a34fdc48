using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ZfsSync.Tests.Architecture;

/// <summary>
/// The rules of docs/architecture.md as functions from files to faults, so that <see cref="RuleTests"/> can show each one
/// both a tree that breaks it and the real one.
/// </summary>
internal static partial class Rules
{
    private static readonly Dictionary<string, string[]> AllowedReferences = new(StringComparer.Ordinal)
    {
        ["ZfsSync.Core"] = [],
        ["ZfsSync.Contracts"] = ["ZfsSync.Core"],
        ["ZfsSync.Tools"] = ["ZfsSync.Core"],
        ["ZfsSync.Simulation"] = ["ZfsSync.Tools"],
        ["ZfsSync.Agent"] = ["ZfsSync.Contracts", "ZfsSync.Tools"],
        ["ZfsSync.Witness"] = ["ZfsSync.Contracts"],
        ["ZfsSync.Cli"] = ["ZfsSync.Agent", "ZfsSync.Simulation"],
    };

    public static IEnumerable<string> ProjectReferences(IEnumerable<SourceFile> projects)
    {
        foreach (var project in projects)
        {
            var name = Path.GetFileNameWithoutExtension(project.Name);
            if (!AllowedReferences.TryGetValue(name, out var allowed))
            {
                yield return $"{project.Path} is not in the map of projects";
                continue;
            }
            var references = XDocument.Parse(project.Text).Descendants("ProjectReference");
            foreach (var reference in references)
            {
                var target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));
                if (!allowed.Contains(target, StringComparer.Ordinal))
                    yield return $"{project.Path} refers to {target}";
            }
        }
    }

    public static IEnumerable<string> CoreHasNoPackages(IEnumerable<SourceFile> projects) =>
        from project in projects
        where project.Name == "ZfsSync.Core.csproj"
        from package in XDocument.Parse(project.Text).Descendants("PackageReference")
        select $"{project.Path} uses the package {package.Attribute("Include")!.Value}; Core uses the base library only";

    public static IEnumerable<string> ProcessesStartInOnePlace(IEnumerable<SourceFile> sources) =>
        from file in sources
        where ProcessUse().IsMatch(WithoutComments(file.Text))
        where !file.Path.StartsWith("src/ZfsSync.Tools/Commands/", StringComparison.Ordinal)
        select $"{file.Path} starts a process; only the local command runner in Tools/Commands may";

    public static IEnumerable<string> SqlLivesInStores(IEnumerable<SourceFile> sources) =>
        from file in sources
        where SqlText().IsMatch(WithoutComments(file.Text))
        where !SqlPlace().IsMatch(file.Name)
        select $"{file.Path} has SQL; it belongs into a *Store, Database or Migrator";

    public static IEnumerable<string> FilesAreShort(IEnumerable<SourceFile> sources) =>
        from file in sources
        where file.LineCount > 500
        select $"{file.Path} has {file.LineCount} lines; split it by subject below 500";

    public static IEnumerable<string> NamesSaySomething(IEnumerable<SourceFile> sources)
    {
        foreach (var file in sources)
        {
            if (VagueFile().IsMatch(file.Name))
                yield return $"{file.Path}: the file's name says nothing";
            if (VagueFolder().Match(file.Path) is { Success: true } folder)
                yield return $"{file.Path}: the folder {folder.Value.Trim('/')} says nothing";
            foreach (Match type in VagueType().Matches(file.Text))
                yield return $"{file.Path}: the type's name {type.Groups[1].Value} says nothing";
        }
    }

    /// <summary>A closed record set nests its cases, so one top-level public type per file holds for it too.</summary>
    public static IEnumerable<string> OnePublicTypePerFile(IEnumerable<SourceFile> sources) =>
        from file in sources
        let types = TopLevelPublicType().Matches(file.Text).Select(match => match.Groups[1].Value).ToList()
        where types.Distinct(StringComparer.Ordinal).Count() > 1
        select $"{file.Path} has {types.Count} public types ({string.Join(", ", types)})";

    public static IEnumerable<string> NothingIsUnfinished(IEnumerable<SourceFile> sources) =>
        from file in sources
        from Match match in Unfinished().Matches(file.Text)
        select $"{file.Path} is unfinished: {match.Value}";

    public static IEnumerable<string> ProgramIsATableOfContents(IEnumerable<SourceFile> sources) =>
        from file in sources
        where file.Name == "Program.cs" && file.LineCount > 80
        select $"{file.Path} has {file.LineCount} lines; start-up is a table of contents of at most 80";

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bProcessStartInfo\b|\bProcess\.Start\b|\bnew Process\b|\bposix_spawn|\bfork\(")]
    private static partial Regex ProcessUse();

    [GeneratedRegex(
        """["\s](select\s+[^"]*\sfrom\s|insert\s+into\s|delete\s+from\s|update\s+\w+\s+set\s|create\s+table\s)"""
    )]
    private static partial Regex SqlText();

    [GeneratedRegex(@"(Store|Database|Migrator|Dialect)(\.\w+)?\.cs$")]
    private static partial Regex SqlPlace();

    [GeneratedRegex(@"(Helper|Helpers|Util|Utils|Manager|Common|Impl|Processor|Dto|Info)\.cs$")]
    private static partial Regex VagueFile();

    [GeneratedRegex(@"/(Utils|Helpers|Models|Interfaces|Extensions|Common)/")]
    private static partial Regex VagueFolder();

    [GeneratedRegex(
        @"\b(?:class|record|struct|interface|enum) (\w+(?:Helper|Helpers|Util|Utils|Manager|Impl|Processor|Dto|Info))\b"
    )]
    private static partial Regex VagueType();

    [GeneratedRegex(
        @"^public (?:(?:sealed|abstract|static|partial|readonly|unsafe) )*(?:record struct|record|class|struct|interface|enum|delegate \w+) (\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex TopLevelPublicType();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Unfinished();
}
