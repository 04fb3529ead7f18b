namespace StreamInsight.Webhooks;

/// <summary>What came of one request.</summary>
/// <param name="Status">HTTP status; 0 = there was no answer.</param>
/// <param name="Problem">One line; null = it was taken.</param>
/// <param name="AskedMs">Of <c>Retry-After</c>; 0 = none.</param>
internal readonly record struct Answer(int Status, string? Problem, long AskedMs)
{
    public bool IsTaken => Status is >= 200 and < 300;

    public bool IsGone => Status == 410;

    /// <summary>It answered, and this message is not to its liking: other messages may be.</summary>
    public bool IsRefused => Status is >= 300 and < 500 and not 408 and not 429;
}
