using System.Text.Json;

namespace ZfsSync.Witness.Hosting;

/// <summary>
/// The log in LOG_DIR, one JSON object per line, in files of a bounded size of which the last few are kept. What cannot
/// be written there is on standard error anyway, so a full disk does not stop the witness.
/// </summary>
internal sealed class LogFile : ILoggerProvider
{
    private const long MaxBytes = 10 << 20;
    private const int Kept = 5;
    private readonly Lock gate = new();
    private readonly string path;
    private readonly TimeProvider time;
    private FileStream stream;

    /// <exception cref="StartupException">The folder cannot be written.</exception>
    public LogFile(string folder, TimeProvider time)
    {
        this.time = time;
        path = Path.Combine(folder, "zfs-sync-witness.log");
        try
        {
            Directory.CreateDirectory(folder);
            stream = Open();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The log folder {folder} cannot be written: {fault.Message} Give this user the right to, or set ZFS_SYNC_LOG_DIR to another folder.",
                fault
            );
        }
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose() => stream.Dispose();

    private FileStream Open() => new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);

    private void Write(string category, LogLevel level, string message, Exception? fault)
    {
        lock (gate)
        {
            try
            {
                if (stream.Length > MaxBytes)
                    Rotate();
                using var json = new Utf8JsonWriter(stream);
                json.WriteStartObject();
                json.WriteString("time", time.GetUtcNow());
                json.WriteString("level", level.ToString().ToLowerInvariant());
                json.WriteString("category", category);
                json.WriteString("message", message);
                if (fault is not null)
                    json.WriteString("exception", fault.ToString());
                json.WriteEndObject();
                json.Flush();
                stream.WriteByte((byte)'\n');
                stream.Flush();
            }
            catch (Exception full) when (full is IOException or ObjectDisposedException)
            {
                // Said above.
            }
        }
    }

    private void Rotate()
    {
        stream.Dispose();
        for (var i = Kept - 1; i >= 1; i--)
        {
            if (File.Exists($"{path}.{i}"))
                File.Move($"{path}.{i}", $"{path}.{i + 1}", overwrite: true);
        }
        File.Move(path, $"{path}.1", overwrite: true);
        stream = Open();
    }

    private sealed class Category(LogFile file, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => file.Write(name, logLevel, formatter(state, exception), exception);
    }
}
