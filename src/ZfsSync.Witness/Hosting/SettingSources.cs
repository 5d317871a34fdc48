using System.Collections;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ZfsSync.Witness.Hosting;

/// <summary>The settings as people wrote them: the environment over the file. Problems are gathered, never thrown.</summary>
internal sealed class SettingSources
{
    public const string Prefix = "ZFS_SYNC_";

    private static readonly string[] DefaultFiles =
    [
        "zfs_sync.yaml",
        "zfs_sync.yml",
        "config/zfs_sync.yaml",
        "config/zfs_sync.yml",
    ];
    private readonly Dictionary<string, string> fromFile = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly IDictionary environment;
    private string? file;

    private SettingSources(IDictionary environment) => this.environment = environment;

    /// <summary>What is wrong, each with the key to set.</summary>
    public List<string> Problems { get; } = [];

    public static SettingSources Read(string? configFile, IDictionary environment)
    {
        var sources = new SettingSources(environment);
        var path = configFile ?? Array.Find(DefaultFiles, File.Exists);
        if (path is not null)
            sources.ReadFile(path);
        return sources;
    }

    /// <summary>The text of a setting, and where it stands, for messages.</summary>
    public string? Text(string name, out string origin)
    {
        asked.Add(name);
        origin = Prefix + name;
        if (environment[origin] is string { Length: > 0 } value)
            return value;
        if (!fromFile.TryGetValue(name, out var written) || written.Length == 0)
            return null;
        origin = $"{name.ToLowerInvariant()} in {file} (or {origin})";
        return written;
    }

    /// <summary>Names in the file that nobody asked for are misspelled.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in fromFile.Keys.Where(name => !asked.Contains(name)))
        {
            var known = string.Join(", ", asked.Order(StringComparer.Ordinal).Select(n => n.ToLowerInvariant()));
            Problems.Add($"{name} in {file} is no setting; the settings are {known}");
        }
    }

    private void ReadFile(string path)
    {
        file = path;
        try
        {
            using var text = File.OpenText(path);
            var yaml = new YamlStream();
            yaml.Load(text);
            if (yaml.Documents.Count == 0)
                return;
            if (yaml.Documents[0].RootNode is not YamlMappingNode root)
            {
                Problems.Add($"{path} must hold settings as 'name: value'");
                return;
            }
            foreach (var (key, value) in root.Children)
                ReadEntry(key, value);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Problems.Add($"{path} cannot be read: {fault.Message}");
        }
        catch (YamlException fault)
        {
            Problems.Add($"{path}, line {fault.Start.Line}: is not YAML or JSON: {fault.Message}");
        }
    }

    private void ReadEntry(YamlNode key, YamlNode value)
    {
        switch (value)
        {
            case YamlScalarNode { Value: "~" or "null", Style: ScalarStyle.Plain }:
                break;
            case YamlScalarNode scalar:
                fromFile[key.ToString()] = scalar.Value ?? "";
                break;
            case YamlSequenceNode list when list.All(item => item is YamlScalarNode):
                fromFile[key.ToString()] = string.Join(',', list.Cast<YamlScalarNode>().Select(item => item.Value));
                break;
            default:
                Problems.Add($"{key} in {file} must be one value or a list of values");
                break;
        }
    }
}
