using System.Runtime.InteropServices;
using System.Text;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>A list of texts as C has it: pointers to zero-ended UTF-8, a null pointer at the end.</summary>
internal sealed unsafe class CStrings : IDisposable
{
    private readonly int _count;

    public CStrings(IReadOnlyList<string> texts)
    {
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (; _count < texts.Count; _count++)
            Pointer[_count] = Copy(texts[_count]);
    }

    public byte** Pointer { get; private set; }

    private static byte* Copy(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        var copy = (byte*)NativeMemory.Alloc((nuint)bytes + 1);
        copy[Encoding.UTF8.GetBytes(text, new Span<byte>(copy, bytes))] = 0;
        return copy;
    }

    public void Dispose()
    {
        if (Pointer == null)
            return;
        for (var i = 0; i < _count; i++)
            NativeMemory.Free(Pointer[i]);
        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
