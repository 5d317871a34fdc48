using System.Buffers;
using System.Text;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>Cuts bytes into lines and hands each on; a last line without a line break counts.</summary>
internal sealed class LineReader(Action<string> onLine)
{
    private readonly ArrayBufferWriter<byte> _open = new();

    public void Add(ReadOnlySpan<byte> bytes)
    {
        for (var end = bytes.IndexOf((byte)'\n'); end >= 0; end = bytes.IndexOf((byte)'\n'))
        {
            var line = bytes[..end];
            if (_open.WrittenCount == 0)
            {
                onLine(Encoding.UTF8.GetString(line));
            }
            else
            {
                _open.Write(line);
                Flush();
            }
            bytes = bytes[(end + 1)..];
        }
        _open.Write(bytes);
    }

    public void Finish()
    {
        if (_open.WrittenCount > 0)
            Flush();
    }

    private void Flush()
    {
        var line = Encoding.UTF8.GetString(_open.WrittenSpan);
        _open.ResetWrittenCount();
        onLine(line);
    }
}
