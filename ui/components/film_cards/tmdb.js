// What TMDb is asked, with the visitor's own key and by their browser alone: a film's poster, and films by title.

const API = "https://api.themoviedb.org/3";
// TMDb's numbers of genres -> the names that MovieLens has for them.
const GENRES = {
  28: "Action", 12: "Adventure", 16: "Animation", 10751: "Children", 35: "Comedy", 80: "Crime", 99: "Documentary", 18: "Drama", 14: "Fantasy",
  27: "Horror", 10402: "Musical", 9648: "Mystery", 10749: "Romance", 878: "Sci-Fi", 53: "Thriller", 10752: "War", 37: "Western",
};
const MOST = 5;

// The answer of TMDb. A long key is a token, which goes into the head; a short one into the address.
export function ask_tmdb(key, path, parameters = {}) {
  const address = new URL(`${API}/${path}`), isToken = key.length > 60;
  for (const [name, value] of Object.entries(parameters)) if (value) address.searchParams.set(name, value);
  if (!isToken) address.searchParams.set("api_key", key);
  return fetch(address, { headers: isToken ? { Authorization: `Bearer ${key}` } : {}, referrerPolicy: "no-referrer" });
}

export const latest_year = () => new Date().getFullYear() + 10;

// "Dune 2021" -> title and year; a number that is no year of a film yet is part of its title.
export function title_and_year(text) {
  const found = /^(.*\S)\s+\(?((?:18[7-9]|19\d|20\d)\d)\)?$/.exec(text.trim());
  return found && Number(found[2]) <= latest_year() ? [found[1], Number(found[2])] : [text.trim(), 0];
}

// Films that TMDb knows by a title, best first; none if it does not answer.
export async function films_titled(key, title, year) {
  try {
    const answer = await ask_tmdb(key, "search/movie", { query: title, year: year || "" });
    return answer.ok ? films_in(await answer.json()) : [];
  } catch {
    return [];
  }
}

export function films_in({ results }) {
  return (Array.isArray(results) ? results : []).slice(0, MOST).map((each) => ({
    tmdb: Number.isInteger(each.id) ? each.id : 0,
    title: String(each.title ?? ""),
    original: String(each.original_title ?? ""),
    year: Number(String(each.release_date ?? "").slice(0, 4)) || 0,
    genres: [...new Set((Array.isArray(each.genre_ids) ? each.genre_ids : []).map((id) => GENRES[id]).filter(Boolean))],
  })).filter((each) => each.title && each.tmdb);
}

const ARTICLE = /^(?:the|an?|le|la|les|un|une|il|lo|el|los|las|der|die|das) (?=.)/;

// A title as it is compared: without case, accents, punctuation and a leading article.
export function plain_title(title) {
  const words = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("&", " and ").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  return words.replace(ARTICLE, "");
}

export const titled = ({ title, year }) => (year ? `${title} (${year})` : title);

// The one among films found that is meant by a title and a year: its title or original title is the same, its year the same or the next to it. Without a
// year, or where two would do, nobody can tell.
export function same_film(found, title, year) {
  const wanted = plain_title(title), same = found.filter((each) => wanted && [each.title, each.original].map(plain_title).includes(wanted));
  for (const away of [0, 1]) {
    const near = same.filter((each) => year && each.year && Math.abs(each.year - year) === away);
    if (near.length) return near.length === 1 ? near[0] : null;
  }
  return null;
}

// The id at IMDb of a film of TMDb; "" if it does not say.
export async function imdb_of(key, tmdb) {
  try {
    const answer = await ask_tmdb(key, `movie/${tmdb}`);
    const id = answer.ok ? (await answer.json()).imdb_id : "";
    return /^tt\d{5,9}$/.test(id) ? id : "";
  } catch {
    return "";
  }
}
