using System.CommandLine;
using System.CommandLine.Completions;
using ZfsSync.Cli.Connection;
using ZfsSync.Contracts.Client;

namespace ZfsSync.Cli.Input;

/// <summary>
/// Offers the names of hosts and groups where a command takes one. Asked from within a person's shell, so it is quick or
/// silent: no witness, no key or no answer in time means no names, and never an error in the middle of a line.
/// </summary>
internal sealed class NameCompletion(Surroundings surroundings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>Everywhere in the tree where HOST or GROUP stands.</summary>
    public void AddTo(Command command)
    {
        foreach (var argument in command.Arguments)
            Add(argument.Name, argument.CompletionSources);
        foreach (var option in command.Options)
            Add(option.HelpName ?? "", option.CompletionSources);
        foreach (var below in command.Subcommands)
            AddTo(below);
    }

    private void Add(string what, List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources)
    {
        if (what.StartsWith("HOST", StringComparison.Ordinal))
            sources.Add(context => Ask(context, HostsAsync));
        else if (what.StartsWith("GROUP", StringComparison.Ordinal))
            sources.Add(context => Ask(context, GroupsAsync));
    }

    private static async Task<IEnumerable<string>> HostsAsync(WitnessClient witness, CancellationToken cancellation) =>
        (await witness.SystemsAsync(cancellation)).Select(system => system.Hostname);

    private static async Task<IEnumerable<string>> GroupsAsync(WitnessClient witness, CancellationToken cancellation) =>
        (await witness.GroupsAsync(cancellation)).Select(group => group.Name);

    private IEnumerable<CompletionItem> Ask(
        CompletionContext context,
        Func<WitnessClient, CancellationToken, Task<IEnumerable<string>>> ask
    )
    {
        try
        {
            var access = WitnessAccess.Find(surroundings, Given(context, "--witness"), Given(context, "--key-file"));
            using var http = surroundings.Http();
            using var limit = new CancellationTokenSource(Patience, surroundings.Time);
            // The library asks from where nothing can be awaited.
            var names = Task.Run(() => ask(access.Connect(http), limit.Token)).GetAwaiter().GetResult();
            return [.. names.Order(StringComparer.Ordinal).Select(name => new CompletionItem(name))];
        }
        catch (Exception fault)
            when (fault is WitnessException or OperationCanceledException or CommandFault or IOException)
        {
            return [];
        }
    }

    private static string? Given(CompletionContext context, string option) =>
        context
            .ParseResult.CommandResult.Command.Options.OfType<Option<string?>>()
            .FirstOrDefault(o => o.Name == option)
            is { } found
            ? context.ParseResult.GetValue(found)
            : null;
}
