using System.Text.RegularExpressions;

namespace ZfsSync.Testing.Differential;

/// <summary>Turns <c>S/…</c> and <c>T/…</c> of a sequence into real names and back.</summary>
public sealed partial class SequenceNames(string name)
{
    private readonly string _source = $"{Zfs.ZfsUnderTest.SourcePool}/{name}";
    private readonly string _target = $"{Zfs.ZfsUnderTest.TargetPool}/{name}";

    public IReadOnlyList<string> Roots => [_source, _target];

    public string Real(string word) => OwnName().Replace(word, match => match.Value == "S" ? _source : _target);

    public string Shown(string text) =>
        text.Replace(_source, "S", StringComparison.Ordinal).Replace(_target, "T", StringComparison.Ordinal);

    [GeneratedRegex("^[ST](?=$|[/@#])")]
    private static partial Regex OwnName();
}
