using System.Collections;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Cli;

/// <summary>The surroundings of the running process.</summary>
internal static class ProcessSurroundings
{
    public static Surroundings Create() =>
        new()
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            IsOutTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            IsInTerminal = !Console.IsInputRedirected,
            WidthColumns = Width(),
            Variable = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
            Settings = Settings(),
            Time = TimeProvider.System,
            Random = new Random(),
            Http = () =>
                new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) })
                {
                    Timeout = TimeSpan.FromSeconds(100),
                },
            Runner = new LocalCommandRunner(),
            IsRoot = Environment.IsPrivilegedProcess,
            HomeDirectory = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            Hostname = Environment.MachineName,
            ProgramDirectory = AppContext.BaseDirectory,
        };

    private static Dictionary<string, string> Settings() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .Select(v => (Name: (string)v.Key, Value: v.Value as string ?? ""))
            .Where(v => v.Name.StartsWith("ZFS_SYNC_", StringComparison.Ordinal))
            .ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);

    private static int? Width()
    {
        if (Console.IsOutputRedirected)
            return null;
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
