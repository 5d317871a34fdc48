using System.Text;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>Keeps the end of a stream, so that a program that talks without end costs nothing.</summary>
internal sealed class ErrorTail
{
    /// <summary>What <see cref="CommandResult.ErrorTail"/> promises.</summary>
    public const int MaxBytes = 16 * 1024;

    private readonly byte[] _ring = new byte[MaxBytes];
    private long _written;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            _written += bytes.Length - MaxBytes;
            bytes = bytes[^MaxBytes..];
        }
        var at = (int)(_written % MaxBytes);
        var first = Math.Min(bytes.Length, MaxBytes - at);
        bytes[..first].CopyTo(_ring.AsSpan(at));
        bytes[first..].CopyTo(_ring);
        _written += bytes.Length;
    }

    /// <summary>Whole characters only: the cut may have split one.</summary>
    public override string ToString()
    {
        if (_written <= MaxBytes)
            return Encoding.UTF8.GetString(_ring, 0, (int)_written);
        var at = (int)(_written % MaxBytes);
        var tail = (byte[])[.. _ring[at..], .. _ring[..at]];
        var start = 0;
        while (start < 3 && (tail[start] & 0xc0) == 0x80)
            start++;
        return Encoding.UTF8.GetString(tail, start, MaxBytes - start);
    }
}
