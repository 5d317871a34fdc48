using ZfsSync.Agent;
using ZfsSync.Cli.Output;

namespace ZfsSync.Cli.Hosting;

/// <summary>Writes what an agent says to standard error, a line each, with the time where nobody else adds it.</summary>
internal sealed class AgentLines(Surroundings surroundings, string prefix, bool isVerbose)
{
    private readonly Lock _gate = new();
    private readonly bool _hasClock = surroundings.Variable("JOURNAL_STREAM") is null;

    public void Write(AgentLogLevel level, string text)
    {
        if (level == AgentLogLevel.Debug && !isVerbose)
            return;
        var mark = level switch
        {
            AgentLogLevel.Warning => "warning: ",
            AgentLogLevel.Error => "error: ",
            _ => "",
        };
        var clock = _hasClock ? $"{surroundings.Time.GetLocalNow():HH:mm:ss} " : "";
        lock (_gate)
            surroundings.Error.WriteLine(SafeText.Neutralise($"{clock}{prefix}{mark}{text}"));
    }
}
