using System.CommandLine;

namespace ZfsSync.Cli.Commands;

/// <summary>Commands about one thing: <c>host list</c>, <c>host show</c>, …</summary>
internal sealed class CommandFamily : CliCommand
{
    public CommandFamily(string name, string description, params IReadOnlyList<Command> commands)
        : base(name, description)
    {
        foreach (var command in commands)
            Add(command);
    }
}
