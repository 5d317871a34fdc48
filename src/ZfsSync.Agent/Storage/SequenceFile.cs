using System.Globalization;
using System.Text;

namespace ZfsSync.Agent.Storage;

/// <summary>
/// The number of the last report. On the disk before a report is sent, so that no number is used for two different
/// reports. A lost file is no harm: the witness tells the last number it knows.
/// </summary>
internal sealed class SequenceFile(string dataDirectory, bool durable)
{
    private readonly string path = Path.Combine(dataDirectory, "sequence");
    private long? last;

    public long Next()
    {
        last = (last ?? Read()) + 1;
        Save();
        return last.Value;
    }

    /// <summary>Goes on after a number that the witness has seen.</summary>
    public void Raise(long atLeast)
    {
        if ((last ?? Read()) >= atLeast)
            return;
        last = atLeast;
        Save();
    }

    private long Read() =>
        File.Exists(path)
        && long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    private void Save() => DurableFile.Write(path, Encoding.ASCII.GetBytes($"{last}\n"), durable);
}
