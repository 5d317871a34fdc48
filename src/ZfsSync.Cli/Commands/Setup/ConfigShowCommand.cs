using System.CommandLine;
using System.Text.Json.Nodes;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Output;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync config show</c></summary>
internal sealed class ConfigShowCommand : CliCommand
{
    private readonly Option<bool> _json = new("--json") { Description = "print only data" };

    public ConfigShowCommand(Surroundings surroundings)
        : base("show", "the settings in force, and where each comes from; no secrets")
    {
        Add(_json);
        SetAction(parse => Run(surroundings, new Screen(surroundings, parse.GetValue(_json))));
    }

    private static int Run(Surroundings surroundings, Screen screen)
    {
        var data = new JsonObject();
        var grid = new Grid("SETTING", "VALUE", "FROM");
        foreach (var (name, setting) in EffectiveSettings.Of(surroundings))
        {
            grid.Add(name, setting.Value, setting.Origin);
            data[name] = new JsonObject { ["value"] = setting.Value, ["from"] = setting.Origin };
        }
        screen.Data(data);
        screen.Table(grid);
        return ExitCodes.Ok;
    }
}
