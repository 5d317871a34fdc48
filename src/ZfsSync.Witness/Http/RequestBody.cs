using System.Text.Json;
using ZfsSync.Contracts;

namespace ZfsSync.Witness.Http;

/// <summary>Bytes to a record of the wire. The fast way first; only a body that fails is searched for everything wrong with it.</summary>
internal static class RequestBody
{
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
    /// <exception cref="RefusedException">Too many large ones came at once.</exception>
    public static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpContext http)
    {
        var length = http.Request.ContentLength;
        if (length > BodyGate.SmallBytes)
            await EnterAsync(http, length.Value);
        var bytes = new PooledBytes((int)Math.Min(length ?? BodyGate.SmallBytes, MostBytesAtOnce) + 1);
        http.Response.RegisterForDispose(bytes);
        // Agents send piece by piece, and do not say how much will come.
        if (length is null && await bytes.FillAsync(http.Request.Body, BodyGate.SmallBytes, http.RequestAborted))
            await EnterAsync(http, MostBytesAtOnce);
        await bytes.FillAsync(http.Request.Body, int.MaxValue, http.RequestAborted);
        return bytes.Written;
    }

    private static async Task EnterAsync(HttpContext http, long bytes)
    {
        var gate = http.RequestServices.GetRequiredService<BodyGate>();
        http.Response.RegisterForDispose(await gate.EnterAsync(bytes, http.RequestAborted));
    }

    /// <exception cref="RefusedException">Names every wrong field and row.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json)
        where T : class
    {
        try
        {
            var value =
                JsonSerializer.Deserialize(json, WireOptions.FastRequest<T>())
                ?? throw Problems.Invalid("", "is null; it must be an object or a list");
            // The serializer lets null pass as an item of a list.
            if (json.IndexOf("null"u8) >= 0)
                RefuseNulls<T>(json.ToArray());
            return value;
        }
        catch (JsonException fault)
        {
            throw Problems.Invalid(FaultsOf<T>(json.ToArray(), fault));
        }
    }

    private static void RefuseNulls<T>(byte[] json)
    {
        using var document = JsonDocument.Parse(json, Strict);
        var errors = new FieldErrors();
        BodyFaults.Find(document.RootElement, WireOptions.Request<T>(), "", errors);
        errors.ThrowIfAny();
    }

    private static FieldErrors FaultsOf<T>(byte[] json, JsonException fault)
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
