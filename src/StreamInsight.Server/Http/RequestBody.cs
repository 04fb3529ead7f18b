using System.Buffers;
using System.IO.Compression;

namespace StreamInsight.Server.Http;

/// <summary>Reads a request body whole, unpacked, up to the limit of the contract.</summary>
internal static class RequestBody
{
    /// <summary>500 KiB, unpacked.</summary>
    public const int MaxBytes = 500 * 1024;

    /// <summary>What may come over the wire before the connection is cut: enough to answer a body that is somewhat too large properly.</summary>
    public const int MaxTransferBytes = 8 << 20;

    /// <summary>The bytes, or why there are none.</summary>
    public static async Task<(byte[]? Bytes, string? Fault)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        // PostHog's browser SDK packs without a header, and says so in the query.
        string encoding = request.Headers.ContentEncoding.Count > 0 ? request.Headers.ContentEncoding.ToString()
            : request.Query["compression"] == "gzip-js" ? "gzip" : "";
        if (request.ContentLength > MaxBytes && encoding.Length == 0)
            return (null, TooLarge);
        Stream? body = encoding switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            "br" => new BrotliStream(request.Body, CompressionMode.Decompress),
            _ => null,
        };
        if (body is null)
            return (null, $"The content encoding {encoding} is not known; allowed are gzip, deflate, br.");
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxBytes + 1);
        try
        {
            int used = 0;
            while (used <= MaxBytes)
            {
                int read = await body.ReadAsync(buffer.AsMemory(used, MaxBytes + 1 - used), cancel);
                if (read == 0)
                    return (buffer[..used], null);
                used += read;
            }
            return (null, TooLarge);
        }
        catch (BadHttpRequestException error)
        {
            return (null, error.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge : "The body was not sent whole.");
        }
        catch (InvalidDataException error)
        {
            return (null, $"The body is not {encoding}: {error.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private const string TooLarge = "The body is larger than 500 KiB. Send smaller batches.";
}
