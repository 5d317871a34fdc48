using Microsoft.AspNetCore.Antiforgery;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Pages;

/// <summary>The tokens in forms: only a page of ours can have made a form that is sent to us.</summary>
internal sealed class FormTokens(IAntiforgery antiforgery)
{
    /// <summary>The field's name and a token for this visitor.</summary>
    public (string Field, string Token) Issue(HttpContext http)
    {
        var tokens = antiforgery.GetAndStoreTokens(http);
        return (tokens.FormFieldName, tokens.RequestToken!);
    }

    public Visitor VisitorOf(HttpContext http, Caller caller)
    {
        var (field, token) = Issue(http);
        return new Visitor(
            caller.Name,
            EnumText<KeyKind>.Of(caller.Kind),
            caller.IsAtLeast(KeyKind.Operator),
            field,
            token
        );
    }

    /// <summary>The form's fields.</summary>
    /// <exception cref="RefusedException">The token is missing or old.</exception>
    public async Task<IFormCollection> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(http))
            throw Problems.Refused(
                StatusCodes.Status403Forbidden,
                ProblemCodes.BadFormToken,
                "The form's token is missing or old. Go back, load the page again, and send the form once more."
            );
        return await http.Request.ReadFormAsync(http.RequestAborted);
    }
}
