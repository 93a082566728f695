using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Abm.Functions.Explain;

/// <summary>Turns a page of a port's list into an answer.</summary>
internal static class ListPages
{
    /// <param name="read">Throws <see cref="FormatException"/> for a cursor that is not of this list.</param>
    public static async Task<IActionResult> OfAsync<T, TItem>(Func<Task<ListPage<T>>> read, Func<T, TItem> write)
    {
        try
        {
            ListPage<T> page = await read();
            return new ApiResult(StatusCodes.Status200OK, new PageResponse<TItem>([.. page.Items.Select(write)], page.Next is null ? null : Cursor.After(page.Next)));
        }
        catch (FormatException)
        {
            return Problems.Invalid("invalidCursor", "cursor", "This is no cursor that a list gave out as next.");
        }
    }
}
