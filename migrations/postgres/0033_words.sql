-- Words end at the signs of every script, as on SQLite: a full-width colon, a middle dot or an Arabic comma stands
-- between two words. Syllables of Hangul stay whole, so that the beginning of one is not the beginning of another. What
-- stands between words is said in notebook/src/search/tokens.rs, too.
create or replace function search_tokens(said text, weight text) returns tsvector language sql immutable as $$
    select coalesce(string_agg('''' || left(token, 500) || ''':' || least(place, 16383) || weight, ' '), '')::tsvector
    from unnest(string_to_array(
        left(search_small(regexp_replace(
            normalize(regexp_replace(normalize(said, nfd), '[\u0300-\u036f]', '', 'g'), nfc),
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u037e\u0387\u055a-\u055f\u0589-\u058a\u05be\u05c0\u05c3\u05c6\u05f3-\u05f4\u060c-\u060d\u061b-\u061f\u066a-\u066d\u06d4\u0964-\u0965\u0970\u0e4f\u0e5a-\u0e5b\u0f01-\u0f17\u104a-\u104f\u1361-\u1368\u1680\u17d4-\u17d6\u17d8-\u17db\u1800-\u180a\u2000-\u206f\u20a0-\u20cf\u2103\u2109\u2116-\u2117\u211e-\u2123\u2190-\u245f\u2500-\u2775\u2794-\u2bff\u2e00-\u2e2e\u2e30-\u2e5d\u2e80-\u2fff\u3000-\u3004\u3008-\u3020\u3030\u3036-\u3037\u303d-\u303f\u30a0\u30fb\ue000-\uf8ff\ufd3e-\ufd3f\ufe00-\ufe6f\ufeff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffee\ufff9-\ufffd\U0001f000-\U0001f0ff\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]+',
            ' ', 'g')), 200000),
        ' ')) with ordinality as tokens(token, place)
    where token <> ''
$$;

-- What was cut otherwise: no text without letters or signs of other scripts was.
update search_words as kept
set words = search_tokens(e.title, 'A') || search_tokens(e.body, '') || array_to_tsvector(string_to_array(e.marks, ' '))
from search_entries e
where e.id = kept.entry and (e.title || ' ' || e.body) ~ '[^\u0001-\u036f]';
