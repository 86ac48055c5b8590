import { passwordOf } from "@excalibur/testing";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accessibilityProblems, type ClientWorld, goTo, startClientWorld, type Window } from "./client-world.ts";

let world: ClientWorld;
let alice: Window;
let bob: Window;

beforeAll(async () => {
  world = await startClientWorld();
  alice = await world.enter("alice");
  bob = await world.enter("bob");
  await (await world.laptop("alice")).makeFolder("/Holidays");
});

afterAll(async () => {
  await alice?.[Symbol.asyncDispose]();
  await bob?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
});

/** Of the page in sight: those that were left stay, hidden. */
const row = (page: Page, name: string | RegExp): Locator => page.getByRole("row", { name });
const place = (page: Page, name: string | RegExp): Promise<void> => page.getByRole("link", { name }).first().click();

async function makeFolder(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New folder" }).click();
  await page.getByLabel("Name of the folder").fill(name);
  await page.keyboard.press("Enter");
  await row(page, new RegExp(`^${name}`)).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

async function choose(page: Page, name: string, action: string): Promise<void> {
  await row(page, new RegExp(`^${name}`)).click({ button: "right" });
  await page.getByRole("menuitem", { name: action }).click();
}

async function openShareDialog(): Promise<Locator> {
  await row(alice.page, /^Holidays/).click();
  await alice.page.keyboard.press("Control+i");
  const dialog = alice.page.locator("ion-modal");
  await dialog.getByText("People with access").waitFor();
  return dialog;
}

describe("sharing a folder with somebody", () => {
  it("looks the person up, shows their digits, and reaches them at once", async () => {
    const dialog = await openShareDialog();
    const name = dialog.getByLabel("User name of somebody on this server");
    await name.fill("nobody-here");
    await dialog.getByRole("button", { name: "Look up" }).click();
    await dialog.getByText("Nobody on this server has that user name").waitFor();
    await name.fill("bob");
    await name.press("Enter");
    await dialog.getByText("not verified").waitFor();
    expect(await dialog.locator(".compare-digits").innerText()).toMatch(/^(\d{5} ){11}\d{5}$/);
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await dialog.getByRole("button", { name: "All digits are the same" }).click();
    await dialog.getByText("verified", { exact: true }).first().waitFor();
    await dialog.getByRole("button", { name: "Share with bob" }).click();
    await dialog.getByRole("combobox", { name: "Role of bob" }).waitFor();
    await dialog.getByText(/invited .*, no answer yet/).waitFor();
    await bob.page.getByText("1 open invitation").waitFor();
    await dialog.getByRole("button", { name: "Send again: the invitation of bob" }).click();
    await dialog.getByText("sent again").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await row(alice.page, /^Holidays/)
      .getByRole("img", { name: "Shared" })
      .waitFor();
  });

  it("is accepted under a name of one's own; a viewer is offered nothing that a viewer may not do", async () => {
    const { page } = bob;
    await place(page, /^Shared with me/);
    const offer = page.getByRole("article", { name: "alice shares a folder with you" });
    await offer.getByLabel("Name in your drive").fill("From Alice");
    expect(await accessibilityProblems(page)).toEqual([]);
    await offer.getByRole("button", { name: "Accept" }).click();
    await offer.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "From Alice" }).click();
    await page.getByText("You are a viewer here").waitFor();
    expect(await page.locator(".ion-page:not(.ion-page-hidden)").getByRole("button", { name: "New" }).count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await place(page, /^My files/);
    await makeFolder(page, "Own");
    await choose(page, "Own", "Move to…");
    const dialog = page.locator("ion-modal");
    await dialog.getByRole("button", { name: "Own" }).waitFor();
    expect(await dialog.getByRole("button", { name: "From Alice" }).count()).toBe(0);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await row(page, /^From Alice/).dblclick();
    await page.getByText("You are a viewer here").waitFor();
  });

  it("is live for both, and a new role counts at once", async () => {
    await row(alice.page, /^Holidays/).dblclick();
    await makeFolder(alice.page, "Beach");
    await row(bob.page, /^Beach/).waitFor();
    await alice.page.keyboard.press("Backspace");
    const dialog = await openShareDialog();
    await dialog.getByRole("combobox", { name: "Role of bob" }).selectOption({ label: "Editor" });
    await bob.page.getByText("You are a viewer here").waitFor({ state: "detached" });
    await makeFolder(bob.page, "By bob");
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await row(alice.page, /^Holidays/).dblclick();
    await row(alice.page, /^By bob/).click();
    await alice.page.getByRole("button", { name: "Details" }).last().click();
    const details = alice.page.getByRole("complementary", { name: "Details" }).last();
    await details.getByText("Added by").waitFor();
    expect(await details.locator("dl").last().innerText()).toMatch(/Added by\s*bob/);
    await details.getByRole("button", { name: "Close the details" }).click();
    await place(alice.page, /^My files/);
    const again = await openShareDialog();
    await again.getByText("What was changed, and by whom").click();
    await again.getByText("added “By bob”").waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await again.getByRole("button", { name: "Close" }).last().click();
  });

  it("is asked about when something goes into it or out of it: who can open it then, and who no longer can", async () => {
    const { page } = alice;
    await makeFolder(page, "Plans");
    await row(page, /^Plans/).dragTo(row(page, /^Holidays/));
    const dragged = page.locator("ion-modal").filter({ hasText: "Move “Plans” to “Holidays”?" });
    await dragged.getByText("It can be opened there by bob").waitFor();
    await dragged.getByRole("button", { name: "Cancel" }).click();
    await dragged.waitFor({ state: "detached" });
    await row(page, /^Plans/).click();
    await page.keyboard.press("Control+x");
    await row(page, /^Holidays/).dblclick();
    await row(page, /^Beach/).click();
    await page.keyboard.press("Control+v");
    const question = page.locator("ion-modal").filter({ hasText: "Move “Plans” to “Holidays”?" });
    await question.getByText("It can be opened there by bob").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "detached" });
    expect(await row(page, /^Plans/).count()).toBe(0);
    // What was cut waits on.
    await page.keyboard.press("Control+v");
    await question.getByRole("button", { name: "Move here" }).click();
    await row(bob.page, /^Plans/).waitFor();
    await choose(page, "Plans", "Move to…");
    const dialog = page.locator("ion-modal");
    await dialog.getByRole("button", { name: "My files" }).click();
    await dialog.getByRole("button", { name: "Holidays" }).waitFor();
    await dialog.getByRole("button", { name: "Move here" }).click();
    const out = page.locator("ion-modal").filter({ hasText: "Move “Plans” to “My files”?" });
    await out.getByText("It is gone for bob").waitFor();
    await out.getByRole("button", { name: "Move here" }).click();
    await row(bob.page, /^Plans/).waitFor({ state: "detached" });
    await place(page, /^My files/);
    await row(page, /^Plans/).waitFor();
    await page.keyboard.press("Control+z");
    await row(page, /^Plans/).waitFor({ state: "detached" });
    await row(bob.page, /^Plans/).waitFor();
    // Lists of what was found know shared folders, too.
    await choose(page, "Holidays", "Star");
    await place(page, /^Starred/);
    const found = page.locator(".ion-page:not(.ion-page-hidden)");
    await found
      .getByRole("row", { name: /^Holidays/ })
      .getByRole("img", { name: "Shared" })
      .waitFor();
    await place(page, /^My files/);
  });

  it("is handed over to who accepted it, after a question, and given back by them alone", async () => {
    const dialog = await openShareDialog();
    await dialog.getByRole("combobox", { name: "Role of bob" }).selectOption({ label: "Owner…" });
    const question = alice.page.locator("ion-modal").filter({ hasText: "Make bob the owner of" });
    await question.getByText("only bob can give it back").waitFor();
    expect(await accessibilityProblems(alice.page)).toEqual([]);
    await question.getByRole("button", { name: "Hand over" }).click();
    // Whoever owns the folder has a role that nobody can choose.
    await dialog.getByRole("combobox", { name: "Role of bob" }).waitFor({ state: "detached" });
    await dialog.getByText("Owner", { exact: true }).waitFor();
    const laptop = await world.laptop("bob");
    await (await laptop.drive).sharing.handOver(await laptop.find("/From Alice"), "alice");
    await dialog.getByRole("combobox", { name: "Role of bob" }).waitFor();
    await dialog.getByRole("combobox", { name: "Role of bob" }).selectOption({ label: "Editor" });
    await dialog.getByRole("button", { name: "Close" }).last().click();
  });

  it("is named, with who loses it, to an owner who is about to delete the account", async () => {
    const { page } = alice;
    await goTo(page, `${world.origin}/settings/account`);
    await page.getByRole("button", { name: "Delete the account…" }).click();
    const dialog = page.locator("ion-modal");
    await dialog.getByText("“Holidays”, which you share, is gone for bob, too").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.goto(world.origin);
  });

  it("ends when the owner says so: the window of whoever was removed closes the folder and says why", async () => {
    const dialog = await openShareDialog();
    await dialog.getByRole("button", { name: "Remove bob" }).click();
    const question = alice.page.locator("ion-modal").filter({ hasText: "Stop sharing with bob?" });
    await question.getByText("bob may still have").waitFor();
    await question.getByRole("button", { name: "Remove" }).click();
    await alice.page.getByText("No other people. Look somebody up").waitFor();
    const inSight = bob.page.locator(".ion-page:not(.ion-page-hidden):not(.ion-page-invisible)");
    await inSight.getByText("This folder is no longer there").waitFor();
    expect(await row(bob.page, /^Beach/).count()).toBe(0);
    await place(bob.page, /^Shared with me/);
    await bob.page.getByText("You have no access to it any more").waitFor();
    await bob.page.getByRole("button", { name: "Leave From Alice" }).click();
    await bob.page.locator("ion-modal").getByRole("button", { name: "Leave" }).click();
    await bob.page.getByText("Nobody shares anything with you yet").waitFor();
  });

  it("gets the new key everywhere when asked, and becomes an ordinary folder again", async () => {
    const { page } = alice;
    const laptop = await world.laptop("alice");
    await laptop.catchUp();
    await laptop.write("/Holidays/notes.txt", "one");
    await laptop.write("/Holidays/notes.txt", "two", { onConflict: "replace" });
    const dialog = page.locator("ion-modal").filter({ hasText: "After somebody was removed" });
    await dialog.getByText("After somebody was removed").click();
    await dialog.getByText("lists still have an earlier key").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Re-encrypt now" }).click();
    await dialog.getByText("Everything here has the newest key.").waitFor();
    await dialog.getByRole("button", { name: "Stop sharing" }).click();
    const question = page.locator("ion-modal").filter({ hasText: "Stop sharing “Holidays”?" });
    await question.getByText("It becomes an ordinary folder again where it is").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await question.getByRole("button", { name: "Stop sharing" }).click();
    const after = page.locator("ion-modal").filter({ hasText: "Share earlier versions of files, too" });
    await after.getByText("No other people. Look somebody up").waitFor();
    expect(await after.getByText("After somebody was removed").count()).toBe(0);
    const versions = async () => {
      await laptop.catchUp();
      return (await (await laptop.drive).files.versions(await laptop.find("/Holidays/notes.txt"))).length;
    };
    expect(await versions()).toBe(1);
    await after.getByText("Share earlier versions of files, too").click();
    await after.getByLabel("User name of somebody on this server").fill("bob");
    await page.keyboard.press("Enter");
    await after.getByRole("button", { name: "Share with bob" }).click();
    const again = page.locator("ion-modal").filter({ hasText: "no answer yet" });
    await again.getByRole("combobox", { name: "Role of bob" }).waitFor();
    expect(await again.getByText("Share earlier versions of files, too").count()).toBe(0);
    expect(await versions()).toBe(1);
    await again.getByRole("button", { name: "Close" }).last().click();
    await row(page, /^Holidays/).dblclick();
    await row(page, /^Beach/).waitFor();
  });

  it("is the same with a single file: it stays a file to both, and to whoever visits a link to it, and is replaced for all", async () => {
    const laptop = await world.laptop("alice");
    await laptop.catchUp();
    await laptop.write("/garden.txt", "roses");
    const { page } = alice;
    await place(page, /^My files/);
    await row(page, /^garden/).click();
    await page.keyboard.press("Control+i");
    const dialog = page.locator("ion-modal").filter({ hasText: "Share “garden.txt”" });
    await dialog.getByLabel("User name of somebody on this server").fill("bob");
    await page.keyboard.press("Enter");
    await dialog.getByRole("combobox", { name: "Role" }).selectOption({ label: "Editor" });
    await dialog.getByRole("button", { name: "Share with bob" }).click();
    await dialog.getByRole("combobox", { name: "Role of bob" }).waitFor();
    await dialog.getByRole("button", { name: "Make a link" }).click();
    await dialog.getByText("Look only").waitFor();
    expect(await dialog.getByText("Upload, too").count()).toBe(0);
    await dialog.getByLabel("Name, for your eyes only").fill("Neighbours");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    const address = await dialog.getByRole("textbox", { name: "Address of Neighbours" }).inputValue();
    expect(await accessibilityProblems(page)).toEqual([]);

    await place(bob.page, /^Shared with me/);
    const offer = bob.page.getByRole("article", { name: "alice shares a file with you" });
    await offer.getByRole("button", { name: "Accept" }).click();
    await offer.waitFor({ state: "detached" });
    await bob.page.getByRole("link", { name: "garden.txt" }).click();
    const shown = bob.page.getByRole("dialog", { name: /^Preview of garden/ });
    await shown.getByText("roses").waitFor();
    expect(await accessibilityProblems(bob.page)).toEqual([]);
    await bob.page.keyboard.press("Escape");
    await place(bob.page, /^My files/);
    const here = row(bob.page, /^garden/);
    await here.getByRole("img", { name: "Shared" }).waitFor();
    await here.getByRole("gridcell", { name: "5 bytes", exact: true }).waitFor();

    const replacing = await world.laptop("bob");
    await replacing.catchUp();
    await replacing.write("/garden.txt", "roses and tulips", { onConflict: "replace" });
    await here.getByRole("gridcell", { name: "16 bytes", exact: true }).waitFor();
    await using stranger = await world.open();
    await stranger.page.goto(address);
    await stranger.page.getByRole("heading", { name: "garden.txt" }).waitFor();
    expect(await accessibilityProblems(stranger.page)).toEqual([]);
    await stranger.page.getByRole("button", { name: "Look at it" }).last().click();
    await stranger.page.getByRole("dialog").getByText("roses and tulips").waitFor();
    await stranger.page.keyboard.press("Escape");
    const download = stranger.page.waitForEvent("download");
    await stranger.page.getByRole("button", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toBe("garden.txt");
    expect(stranger.complaints).toEqual([]);

    await dialog.getByRole("button", { name: "Stop sharing" }).click();
    const question = page.locator("ion-modal").filter({ hasText: "Stop sharing “garden.txt”?" });
    await question.getByText("It becomes an ordinary file of your drive again").waitFor();
    await question.getByRole("button", { name: "Stop sharing" }).click();
    const after = page.locator("ion-modal").filter({ hasText: "Share earlier versions of files, too" });
    await after.getByText("No other people. Look somebody up").waitFor();
    await after.getByRole("button", { name: "Close" }).last().click();
    await row(page, /^garden/)
      .getByRole("gridcell", { name: "16 bytes", exact: true })
      .waitFor();
    await row(page, /^garden/)
      .getByRole("img", { name: "Shared" })
      .waitFor({ state: "detached" });
    await place(bob.page, /^Shared with me/);
    await bob.page.getByText("You have no access to it any more").waitFor();
    await bob.page.getByRole("button", { name: "Leave garden.txt" }).click();
    await bob.page.locator("ion-modal").getByRole("button", { name: "Leave" }).click();
    await bob.page.getByRole("button", { name: "Leave garden.txt" }).waitFor({ state: "detached" });
  });

  it("goes on inside: what stands in a shared folder opens there, and a removal names what it does not reach", async () => {
    const { page } = alice;
    const [alices, bobs] = [await world.laptop("alice"), await world.laptop("bob")];
    await alices.write("/Club/Plans/plan.txt", "p");
    const { sharing } = await alices.drive;
    await sharing.share(await alices.find("/Club"), { person: "bob", role: "manager" });
    const { sharing: others } = await bobs.drive;
    const club = (await others.invitations()).find(({ label }) => label === "Club")!;
    await others.accept(club.volumeId);
    await others.share(await bobs.find("/Club/Plans"), { person: "alice", role: "manager" });
    await place(page, /^Shared with me/);
    const offer = page.getByRole("article", { name: "bob shares a folder with you" });
    await offer.getByText("It stands at /Club/Plans").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await offer.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("link", { name: "Plans" }).click();
    await row(page, /^plan.txt/).waitFor();
    await place(page, /^My files/);
    // Who is around it, and kept out of it.
    await alices.catchUp();
    await sharing.share(await alices.find("/Club"), { person: "carol", role: "viewer" });
    await others.remove(await bobs.find("/Club/Plans"), ["carol"]);
    await row(page, /^Club/).click();
    await page.keyboard.press("Control+i");
    await page.locator("ion-modal").getByText("“Plans” is not open to carol.").waitFor();
    await page.locator("ion-modal").getByRole("button", { name: "Remove bob" }).click();
    const question = page.locator("ion-modal").filter({ hasText: "Stop sharing with bob?" });
    await question.getByText("“Plans”: who is in it is not yours to decide.").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await question.getByRole("button", { name: "Cancel" }).click();
    await page.locator("ion-modal").getByRole("button", { name: "Close" }).last().click();
    await sharing.remove(await alices.find("/Club"), ["carol"]);
  });

  it("keeps whose keys are whose in the settings, and works on a phone", async () => {
    const { page } = alice;
    await page.setViewportSize({ width: 390, height: 844 });
    await goTo(page, `${world.origin}/settings/people`);
    await page.getByText("bob", { exact: true }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const own = await (await (await world.laptop("alice")).drive).sharing.contactLink();
    expect(await page.getByLabel("Address of Your contact link").inputValue()).toBe(own);
    await page.getByRole("img", { name: "Your contact link as a QR code" }).waitFor();
    await page.getByLabel("Contact link", { exact: true }).fill(own);
    await page.getByRole("button", { name: "Look up" }).click();
    const dialog = page.locator("ion-modal");
    await dialog.getByText("This contact link leads to nobody here").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await place(page, /^Shared/);
    await page.getByRole("link", { name: "Shared by me" }).first().click();
    await page.getByText("with bob", { exact: true }).first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    for (const { complaints } of [alice, bob]) expect(complaints).toEqual([]);
  });

  it("adds whoever's contact link is opened as verified, after signing in if need be, and nobody whose keys differ", async () => {
    const link = await (await (await world.laptop("alice")).drive).sharing.contactLink();
    await using window = await world.open();
    const { page, asked } = window;
    await page.goto(link);
    await page.getByText("You opened somebody's contact link").waitFor();
    expect(page.url()).toBe(`${world.origin}/`);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("User name").fill("carol");
    await page.getByLabel("Password").first().fill(passwordOf("carol"));
    await page.keyboard.press("Enter");
    const dialog = page.locator("ion-modal");
    await dialog.getByText("The server has exactly the keys that this link names").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Add" }).click();
    await dialog.getByText("alice is verified").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await goTo(page, `${world.origin}/settings/people`);
    const known = page.locator(".contacts");
    await known.getByText("alice").waitFor();
    expect(await known.innerText()).toMatch(/^alice\s*verified$/);
    const [server, secret] = (await (await (await world.laptop("bob")).drive).sharing.contactLink()).split("#1.");
    await page.goto(`${server}#1.AAAA${secret?.slice(4)}`);
    await dialog.getByText("are not those that the link names").waitFor();
    expect(await dialog.getByRole("button", { name: "Add" }).count()).toBe(0);
    expect(asked.filter((address) => address.includes(secret?.slice(4) ?? ""))).toEqual([]);
    expect(asked.filter((address) => address.includes("#"))).toEqual([]);
    expect(window.complaints).toEqual([]);
  });
});
