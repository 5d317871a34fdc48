using System.Text.Json;
using ZfsSync.Contracts;

namespace ZfsSync.Witness.Http;

/// <summary>Bytes to a record of the wire. The fast way first; only a body that fails is searched for everything wrong with it.</summary>
internal static class RequestBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    public static void RefuseOtherThanJson(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
            throw Problems.Refused(
                StatusCodes.Status415UnsupportedMediaType,
                ProblemCodes.UnsupportedMediaType,
                "The body must be JSON. Send the header Content-Type: application/json."
            );
    }

    public static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpContext http)
    {
        using var buffer = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 4096, 1 << 20));
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <exception cref="RefusedException">Names every wrong field and row.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, WireOptions.Request<T>())
                ?? throw Problems.Invalid("", "is null; it must be an object or a list");
        }
        catch (JsonException fault)
        {
            throw Problems.Invalid(FaultsOf<T>(json, fault));
        }
    }

    private static FieldErrors FaultsOf<T>(ReadOnlyMemory<byte> json, JsonException fault)
    {
        var errors = new FieldErrors();
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            BodyFaults.Find(document.RootElement, WireOptions.Request<T>(), "", errors);
        }
        catch (JsonException syntax)
        {
            return errors.Add(
                "",
                $"is not JSON: line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine + 1}: {syntax.Message}"
            );
        }
        return errors.Any ? errors : errors.Add(fault.Path?.TrimStart('$', '.') ?? "", fault.Message);
    }
}
