using System.Text.Json;
using ZfsSync.Contracts;

namespace ZfsSync.Witness.Http;

/// <summary>Bytes to a record of the wire. The fast way first; only a body that fails is searched for everything wrong with it.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 16 << 10;

    // What a client says of its length is believed up to here.
    private const int MostBytesAtOnce = 4 << 20;
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

    /// <summary>The whole body; its memory is used for something else once the request is answered.</summary>
    public static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpContext http)
    {
        var known = Math.Min(http.Request.ContentLength ?? FirstBytes, MostBytesAtOnce);
        var bytes = new PooledBytes((int)known + 1);
        http.Response.RegisterForDispose(bytes);
        await bytes.FillAsync(http.Request.Body, http.RequestAborted);
        return bytes.Written;
    }

    /// <exception cref="RefusedException">Names every wrong field and row.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json)
        where T : class
    {
        try
        {
            var value =
                JsonSerializer.Deserialize(json.Span, WireOptions.FastRequest<T>())
                ?? throw Problems.Invalid("", "is null; it must be an object or a list");
            // The serializer lets null pass as an item of a list.
            if (json.Span.IndexOf("null"u8) >= 0)
                RefuseNulls<T>(json);
            return value;
        }
        catch (JsonException fault)
        {
            throw Problems.Invalid(FaultsOf<T>(json, fault));
        }
    }

    private static void RefuseNulls<T>(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Strict);
        var errors = new FieldErrors();
        BodyFaults.Find(document.RootElement, WireOptions.Request<T>(), "", errors);
        errors.ThrowIfAny();
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
