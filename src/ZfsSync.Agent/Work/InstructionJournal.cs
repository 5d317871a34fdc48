using System.Text.Json;
using ZfsSync.Agent.Storage;

namespace ZfsSync.Agent.Work;

/// <summary>
/// The agent's memory of its instructions, a file each: on the disk before anything is done, and again before anything is
/// said. A file is replaced as a whole, so a crash leaves what was written before or after, never half of it.
/// </summary>
/// <param name="onWrite">Called before each write with its name. For tests that end the agent there.</param>
internal sealed class InstructionJournal(
    string dataDirectory,
    bool durable,
    AgentLog log,
    Action<string>? onWrite = null
)
{
    private readonly string _directory = Path.Combine(dataDirectory, "journal");

    public void Write(JournalEntry entry)
    {
        onWrite?.Invoke(entry.Outcome is null ? "begin" : "end");
        if (entry.IsDone)
            DurableFile.Delete(PathOf(entry), durable);
        else
            DurableFile.Write(PathOf(entry), entry.ToBytes(), durable);
    }

    /// <summary>What a former run left, oldest first. A damaged file is put aside and told of.</summary>
    public IReadOnlyList<JournalEntry> Load()
    {
        if (!Directory.Exists(_directory))
            return [];
        var entries = new List<JournalEntry>();
        foreach (var path in Directory.EnumerateFiles(_directory, "*.json"))
        {
            try
            {
                entries.Add(JournalEntry.Parse(File.ReadAllBytes(path)));
            }
            catch (JsonException fault)
            {
                File.Move(path, path + ".damaged", overwrite: true);
                log(
                    AgentLogLevel.Error,
                    $"The journal file {path} is damaged ({fault.Message}); it was renamed to {path}.damaged. Its transfer may have left a hold 'zfs-sync-…' on the source."
                );
            }
        }
        return [.. entries.OrderBy(entry => entry.StartedAt)];
    }

    private string PathOf(JournalEntry entry) => Path.Combine(_directory, $"{entry.Instruction.InstructionId:N}.json");
}
