""" "AI Governance in Practice", second part: controls."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

CONTROLS: Final[Chapter] = Chapter(
    title="Controls in Practice",
    description="Assessment, data, human oversight and suppliers.",
    lessons=(
        LessonItem(
            title="Running an Impact Assessment",
            description="A short workshop that finds harms before users do.",
            minutes=10,
            content="""
                    An impact assessment is a conversation with a record. Ninety minutes with the
                    right people beat a forty-page form filled in alone.

                    ## Who is in the room

                    The owner, a builder, someone from customer service, the data protection
                    officer, and at least one person who resembles those affected. The last chair is
                    the one most often left empty.

                    ## The agenda

                    1. Walk through one real case from input to consequence.
                    2. Ask who could be harmed when it works as designed. Then ask again for when it
                       fails.
                    3. For each harm, note severity, likelihood and how we would notice.
                    4. Choose a control, an owner and a date.
                    5. State what remains, and who accepts it by name.

                    ## Harms people forget

                    Exclusion of those without a smartphone. Extra work for staff who correct the
                    output. Loss of skill. Chilling effects, when people behave differently because
                    they are measured.

                    Do not average harms away. A small inconvenience for many and a grave injury for
                    a few are different findings and need different answers. End by deciding what
                    evidence would reopen the assessment.

                    ## What a finding looks like

                    "Bias" is not a finding; nobody can act on it. A finding names people, a
                    mechanism and a signal: *sellers who write in Javanese are sorted into "other"
                    more often, so they wait a day longer; we would see it in waiting time by
                    language.* The control follows almost by itself: add examples, send uncertain
                    cases to a person, and watch that one number. Write findings so that somebody
                    who was absent can tell whether they came true.
                """,
            questions=(
                Question(
                    "medium",
                    "Which harm question comes first?",
                    (
                        "How to phrase the press release",
                        "Who is harmed when it works as designed?",
                        "How fast is it?",
                    ),
                    right=1,
                    because="Harm by design is missed when only failures are discussed.",
                ),
                Question(
                    "hard",
                    "Why not average harms?",
                    (
                        "Grave harm to a few disappears in the mean",
                        "Averages are slow",
                        "Law forbids arithmetic",
                    ),
                    right=0,
                    because="Severity and distribution need separate answers.",
                ),
            ),
        ),
        LessonItem(
            title="Data: Purpose, Minimum, Retention",
            description="The three questions that prevent most data incidents.",
            minutes=9,
            content="""
                    Most AI incidents in ordinary organisations are data incidents: too much was
                    collected, it was used for something else, or it stayed too long.

                    ## Purpose

                    State it in a sentence a customer would recognise. "Improving our services" is
                    not a purpose. "Sorting complaints so that urgent ones are answered within a
                    day" is. Using the same messages to train a sales model is a different purpose
                    and needs its own basis.

                    ## Minimum

                    For each field, ask what would go wrong without it. Names are rarely needed for
                    sorting. Free text is the hard case: people write anything, including health
                    details. Mask before sending, and test the masking with names from all over the
                    archipelago, not only those in the library's examples.

                    ## Retention

                    Prompts, outputs and logs are data too. Decide how long each is kept, where, and
                    who can read them. Include the supplier's copies. Deletion that nobody has
                    tested is a hope; delete one test record and try to find it again.

                    Keep a one-page map from source to supplier to log. When somebody asks for
                    access or deletion, this page is the difference between an hour and a month.

                    ## A worked example

                    A clinic wants to sort appointment requests. The form has nine fields. Asked
                    what would go wrong without each, the team keeps three: the text, the preferred
                    day, and whether the request is urgent. The national identity number had been
                    there since the paper form. Removing it cost an afternoon, and took the worst
                    possible leak off the table. Logs are kept for thirty days, long enough to
                    investigate a complaint, and the supplier's copy is covered by the same promise
                    in the contract.
                """,
            questions=(
                Question(
                    "easy",
                    "Which is a usable purpose?",
                    (
                        "Improving our services",
                        ("Sorting complaints so urgent ones are answered in a day"),
                        "Innovation",
                    ),
                    right=1,
                    because="A customer can recognise it, and it limits use.",
                ),
                Question(
                    "medium",
                    "What is often forgotten in retention rules?",
                    ("Prompts, outputs and logs", "The building lease", "The logo file"),
                    right=0,
                    because="They hold the same personal data as the source.",
                ),
            ),
        ),
        LessonItem(
            title="Human Oversight That Works",
            description="A human in the loop is a design task, not a checkbox.",
            minutes=9,
            content="""
                    "A human reviews every decision" sounds reassuring. Then you learn that the
                    human has eleven seconds per case and a target to meet.

                    ## Conditions

                    Oversight works when reviewers have time, information beyond the score,
                    authority to disagree, no penalty for doing so, and regular contact with
                    outcomes. Remove one and the review becomes a signature.

                    ## Design against automation bias

                    - Show the case before the recommendation.
                    - Ask for a reason in the reviewer's own words for a sample.
                    - Insert known cases and see whether errors are caught.
                    - Track disagreement. A rate near zero is a warning, and so is a reviewer who
                      disagrees with everything.

                    ## When not to review

                    For low-stakes, reversible outputs, sampling is better than pretending to check
                    everything. Use the saved time for appeals, where people bring the information
                    that the system lacked.

                    Tell affected people that an appeal exists, in the message itself, in plain
                    language. An appeal route hidden in the terms of service measures nothing but
                    patience.

                    ## A worked example

                    A scholarship office lets a system rank applications. Reviewers see the score
                    first and agree in nearly every case. The office reverses the order: read the
                    letter, write one sentence, then see the score. Disagreement rises, reading time
                    rises by two minutes, and several strong applications from small schools move
                    up. The office decides that two minutes are the price of calling it a human
                    decision, and reduces the number of cases that need one by rejecting nobody
                    automatically and sampling the clear acceptances.
                """,
            questions=(
                Question(
                    "medium",
                    "What does a disagreement rate near zero suggest?",
                    (
                        "A perfect system",
                        "Reviewers may be signing without reviewing",
                        "Too many reviewers",
                    ),
                    right=1,
                    because="Real review finds something now and then.",
                ),
                Question(
                    "hard",
                    "Which design reduces automation bias?",
                    (
                        "Showing the case before the recommendation",
                        "Larger buttons",
                        "Hiding the case",
                    ),
                    right=0,
                    because="Judgement formed first is less anchored by the suggestion.",
                ),
                Question(
                    "easy",
                    "Where should people learn about an appeal?",
                    ("In the annual report", "In the message itself", "Nowhere"),
                    right=1,
                    because="A route nobody sees is not a route.",
                ),
            ),
        ),
        LessonItem(
            title="Buying AI Responsibly",
            description=("Questions for suppliers, and the answers that should end the meeting."),
            minutes=9,
            content="""
                    Most organisations buy AI. Responsibility for its use stays with them.

                    ## Questions to ask

                    1. What was it tested on, and how similar is that to our users? Ask for results
                       broken down by group and language.
                    2. Is our data used for training? Where is it stored, and who are the
                       subprocessors?
                    3. How are model changes announced, and can we stay on a version?
                    4. What happens when it fails? Ask for the last incident.
                    5. How do we leave? Formats, timing, deletion.

                    A supplier who has never had an incident has either no customers or no
                    monitoring.

                    ## Try before signing

                    Run a pilot with your own anonymised cases and a threshold agreed beforehand.
                    Decide what result means "no" while you can still say it.

                    ## In the contract

                    Notice of changes, audit information, breach notification times that let you
                    meet your own legal deadline, and an exit. Put the evaluation you ran in an
                    annex; it becomes the test for the next version. Price comes last, because the
                    cheapest system is expensive when nobody can leave it.

                    ## When the answer is "we cannot tell you"

                    Some refusals are legitimate: a supplier need not publish its training recipe.
                    Others end the meeting. If it cannot say where your data goes, who may read it,
                    or how you learn of a change, you cannot keep your own promises to customers.
                    Ask once more in writing, with a date. A supplier that wants your business finds
                    the person who knows. Record the refusal when you decide to go on anyway; the
                    person who accepts that risk should be named, and should have read it.
                """,
            questions=(
                Question(
                    "medium",
                    "A supplier claims no incident ever. What follows?",
                    ("Ask how they monitor", "Sign quickly", "Ask for a discount"),
                    right=0,
                    because="Without monitoring, no incident is ever seen.",
                ),
                Question(
                    "easy",
                    "When should the pilot's threshold be agreed?",
                    ("After the results", "Before the pilot", "After signing"),
                    right=1,
                    because="A threshold set afterwards adapts to the result.",
                ),
            ),
        ),
    ),
)
