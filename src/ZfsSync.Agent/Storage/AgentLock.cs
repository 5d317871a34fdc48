namespace ZfsSync.Agent.Storage;

/// <summary>Held while an agent uses a data directory; the system lets go of it when the agent dies, however it dies.</summary>
internal sealed class AgentLock : IDisposable
{
    private readonly FileStream file;

    private AgentLock(FileStream file) => this.file = file;

    /// <exception cref="AgentException">Another agent uses the directory, or it cannot be written.</exception>
    public static AgentLock Take(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "agent.lock");
        try
        {
            Directory.CreateDirectory(dataDirectory);
            return new AgentLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new AgentException($"The data directory {dataDirectory} cannot be written: {fault.Message}", fault);
        }
        catch (IOException fault)
        {
            throw new AgentException(
                $"Another agent seems to use {dataDirectory} ({fault.Message}). Stop it, or give this one its own data directory.",
                fault
            );
        }
    }

    public void Dispose() => file.Dispose();
}
