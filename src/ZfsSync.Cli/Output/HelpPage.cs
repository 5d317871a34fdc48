using System.CommandLine;
using System.CommandLine.Invocation;
using ZfsSync.Cli.Commands;

namespace ZfsSync.Cli.Output;

/// <summary>The help of a command: how to call it, what it has, examples; for the whole program also exit codes and environment.</summary>
internal sealed class HelpPage(Surroundings surroundings) : SynchronousCommandLineAction
{
    private const int DefaultWidth = 100;

    public override bool ClearsParseErrors => true;

    private int Width => Math.Clamp(surroundings.WidthColumns ?? DefaultWidth, 40, 120);

    private TextWriter Out => surroundings.Out;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        Paragraph(command.Description ?? "", "");
        Section("Usage", [($"  {Usage(command)}", "")]);
        if (command is RootCommand)
        {
            foreach (var (title, commands) in CommandTree.Sections(command))
                Section(title, [.. commands.Select(c => ($"  {c.Name}", c.Description ?? ""))]);
        }
        else
            Section("Commands", [.. command.Subcommands.Select(c => ($"  {Signature(c)}", c.Description ?? ""))]);
        Section("Arguments", [.. command.Arguments.Select(a => ($"  {Label(a)}", a.Description ?? ""))]);
        Section("Options", [.. command.Options.Where(o => !o.Hidden).Select(o => ($"  {Label(o)}", Describe(o)))]);
        if (command is CliCommand { Examples: { Count: > 0 } examples })
            Section("Examples", [.. examples.Select(e => ($"  {e.Line}", e.Does))], isStacked: true);
        if (command is CliCommand { Notes: { Count: > 0 } notes })
        {
            Out.WriteLine();
            foreach (var note in notes)
                Paragraph(note, "");
        }
        if (command is RootCommand)
        {
            Section("Exit codes", [.. ExitCodes.Meanings.Select(m => ($"  {m.Code}", m.Meaning))]);
            Section("Environment", [.. EnvironmentVariables.All.Select(v => ($"  {v.Name}", v.Meaning))]);
            Out.WriteLine();
            Out.WriteLine("Help on a command: zfs-sync COMMAND --help");
        }
        return ExitCodes.Ok;
    }

    private static string Usage(Command command)
    {
        var path = UsageReport.Path(command);
        if (command.Subcommands.Count > 0)
            return $"{path} COMMAND [OPTIONS]";
        return $"{path}{string.Concat(command.Arguments.Select(a => " " + Label(a)))} [OPTIONS]";
    }

    private static string Signature(Command command) =>
        command.Subcommands.Count > 0
            ? command.Name
            : command.Name + string.Concat(command.Arguments.Select(a => " " + Label(a)));

    private static string Label(Argument argument)
    {
        var name = argument.HelpName ?? argument.Name;
        var many = argument.Arity.MaximumNumberOfValues > 1 ? "..." : "";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}{many}]" : name + many;
    }

    private static string Label(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name));
        return option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool)
            ? names
            : $"{names} {option.HelpName ?? "VALUE"}";
    }

    private static string Describe(Option option)
    {
        var many =
            option.AllowMultipleArgumentsPerToken || option.Arity.MaximumNumberOfValues > 1 ? " (may be repeated)" : "";
        return (option.Description ?? "") + many + (option.Required ? " (required)" : "");
    }

    private void Section(string title, IReadOnlyList<(string Left, string Right)> rows, bool isStacked = false)
    {
        if (rows.Count == 0)
            return;
        Out.WriteLine();
        Out.WriteLine(title + ":");
        var column = Math.Min(rows.Max(r => r.Left.Length) + 3, 34);
        foreach (var (left, right) in rows)
        {
            if (isStacked)
            {
                Out.WriteLine(left);
                Paragraph(right, "      ");
            }
            else if (left.Length + 2 > column)
            {
                Out.WriteLine(left);
                Paragraph(right, new string(' ', column));
            }
            else
                Paragraph(right, new string(' ', column), left.PadRight(column));
        }
    }

    private void Paragraph(string text, string indent, string? first = null)
    {
        var line = first ?? indent;
        var isStart = true;
        foreach (var word in text.Split(' '))
        {
            if (!isStart && line.Length + 1 + word.Length > Width)
            {
                Out.WriteLine(line.TrimEnd());
                line = indent;
                isStart = true;
            }
            line += isStart ? word : " " + word;
            isStart = false;
        }
        if (line.Trim().Length > 0)
            Out.WriteLine(line.TrimEnd());
    }
}
