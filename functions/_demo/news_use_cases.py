"""Ten news items about use: fictional or composite workplaces, real trade-offs."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import NewsItem

USE_CASES: Final[tuple[NewsItem, ...]] = (
    NewsItem(
        type_="use_case",
        title="Koperasi Menyortir Pertanyaan Anggota, Bukan Menjawabnya",
        summary=(
            "Sebuah koperasi rekaan memakai AI hanya untuk memilah pesan masuk. Jawaban tetap "
            "ditulis petugas, dan justru itu yang membuat anggota tetap percaya."
        ),
        content="""
            *Kisah ini rekaan, disusun dari situasi yang lazim ditemui.*

            Setiap Senin pagi, nomor WhatsApp koperasi penuh. Ada yang menanyakan jadwal angsuran,
            ada yang mengirim foto bukti transfer, ada yang marah. Dua petugas membaca satu per satu
            dari atas, sehingga pesan paling gawat sering menunggu paling lama.

            ## Yang dicoba

            Dengan alat no-code, setiap pesan diberi satu dari lima label: *angsuran, simpanan,
            bukti transfer, keluhan, lain-lain*, ditambah tanda "mendesak". Tidak ada balasan
            otomatis. Petugas membuka antrean yang sudah terurut, dan label dapat diubah dengan satu
            ketukan.

            ## Mengapa tidak menjawab sekalian

            Pengurus menghitung biaya salah. Salah label berarti pesan pindah antrean, terlambat
            beberapa menit. Salah jawab tentang denda berarti anggota membayar jumlah keliru dan
            kehilangan kepercayaan. Mereka memilih kesalahan yang murah.

            ## Yang dipelajari

            - Label "lain-lain" wajib ada. Tanpanya, model memaksakan pesan aneh ke kotak yang
              salah.
            - Perubahan label oleh petugas disimpan. Setelah sebulan, itulah bahan uji terbaik.
            - Nomor rekening dan KTP disamarkan sebelum pesan dikirim ke layanan AI.

            Langkah berikutnya bukan otomatisasi penuh, melainkan rancangan jawaban untuk tiga
            pertanyaan tersering, yang tetap dibaca manusia sebelum terkirim.
        """,
        tags=("no-code", "layanan pelanggan", "koperasi"),
        language="id",
        days_ago=1.9,
        author="admin-1",
        views=183,
        likes=28,
    ),
    NewsItem(
        type_="use_case",
        title="Guru SMK Membuat Bank Soal: Separuh Waktu untuk Memeriksa",
        summary=(
            "Menyusun soal dengan AI terasa cepat sampai tiba waktunya memeriksa. Alur kerja "
            "empat langkah yang menjaga mutu soal tanpa menghabiskan akhir pekan."
        ),
        content="""
            *Kisah gabungan dari beberapa ruang guru.*

            Seorang guru teknik kendaraan membutuhkan enam puluh soal pilihan ganda. Chatbot
            menghasilkannya sebelum kopinya dingin. Lalu ia membaca: beberapa soal punya dua jawaban
            benar, beberapa pilihan pengecoh terlalu konyol, dan satu soal menanyakan alat yang
            tidak ada di bengkel sekolah.

            ## Alur yang akhirnya dipakai

            1. **Mulai dari bahan sendiri.** Tempel dua halaman modul, bukan judul bab. Minta setiap
               soal menyebut paragraf sumbernya.
            2. **Sedikit demi sedikit.** Lima soal per permintaan. Pada permintaan panjang, mutu
               soal terakhir biasanya menurun dan polanya berulang.
            3. **Minta alasan pengecoh.** Untuk tiap pilihan salah, tuliskan salah paham apa yang
               diujinya. Pengecoh tanpa alasan dibuang.
            4. **Kerjakan sendiri tanpa kunci.** Bila guru ragu, siswa pasti bingung.

            Separuh waktu yang dihemat kembali terpakai di langkah keempat. Hasil bersihnya tetap
            menguntungkan, dan ada manfaat yang tak terduga: daftar salah paham tadi menjadi bahan
            diskusi di kelas.

            ## Batas yang disepakati

            Nama dan nilai siswa tidak pernah ditempelkan. Soal ujian akhir tidak dibuat di akun
            pribadi. Setiap soal mencantumkan siapa yang memeriksa, karena yang bertanggung jawab
            tetap orang yang menandatangani.
        """,
        tags=("pendidikan", "ChatGPT", "evaluasi"),
        language="id",
        days_ago=6.3,
        author="admin-1",
        views=326,
        likes=61,
    ),
    NewsItem(
        type_="use_case",
        title="Plain-Language Leaflets: A Pharmacy's Second Pair of Eyes",
        summary=(
            "A fictional hospital pharmacy rewrites medicine leaflets with AI. The interesting "
            "part is the rule about what the model may never touch."
        ),
        content="""
            *This workplace is fictional; the trade-offs are not.*

            Patients leave the counter with a leaflet that no one can read: passive sentences, Latin
            roots, four warnings in one paragraph. The pharmacists want plain Indonesian at
            primary-school level, and they have no time to rewrite two hundred leaflets.

            ## The workflow

            A model rewrites one section at a time. But before the text goes in, software replaces
            every dose, unit, interval and drug name with a token such as `[[DOSE_1]]`. The model
            may move tokens; it may not see what they stand for. Afterwards the software checks that
            each token appears exactly as often as before, and puts the originals back.

            So the one class of error that could hurt someone, a changed number, cannot be
            introduced by the rewriting at all. What can still go wrong is emphasis: a warning that
            becomes a suggestion. That is what the pharmacist reads for.

            ## What the reviewers look at

            - Is every warning still a warning?
            - Did "do not" survive every sentence?
            - Would my aunt understand this without asking?

            ## The lesson that travels

            Do not ask a model to be careful with the critical part. Take the critical part out of
            its hands, and check mechanically that it came back. The same trick works for prices in
            a catalogue and for clause numbers in a contract.
        """,
        tags=("health", "plain language", "safety"),
        language="en",
        days_ago=11.5,
        author="admin-2",
        views=132,
        likes=25,
    ),
    NewsItem(
        type_="use_case",
        title="Dari Dua Belas Kategori Keluhan ke Lima",
        summary=(
            "Ketika klasifikasi otomatis tidak kunjung akurat, masalahnya sering bukan di model, "
            "melainkan di daftar kategori. Cara merapikannya dalam dua lokakarya."
        ),
        content="""
            *Kisah rekaan tentang sebuah perusahaan jasa kirim.*

            Tim layanan mencoba tiga model untuk memilah keluhan ke dalam dua belas kategori.
            Semuanya mentok di tempat yang sama. Sebelum membeli model keempat, seorang analis
            mengusulkan uji yang murah: dua petugas berpengalaman memberi label pada seratus keluhan
            yang sama, tanpa saling melihat.

            Hasilnya, mereka sendiri kerap berbeda pendapat. "Paket terlambat" dan "status tidak
            diperbarui" dipakai bergantian. Bila dua ahli tidak sepakat, tidak ada jawaban benar
            yang bisa dipelajari mesin.

            ## Lokakarya pertama: mengapa berbeda

            Setiap perbedaan dibaca bersama. Bukan "siapa yang benar", melainkan "apa yang kita
            lakukan berbeda setelah label ini dipilih?" Kategori yang berujung pada tindakan sama
            digabung. Tersisa lima.

            ## Lokakarya kedua: aturan sengketa

            Untuk tiap pasangan yang masih tertukar, tulis satu kalimat penentu dan dua contoh
            batas. Kalimat inilah yang kemudian masuk ke dalam prompt, apa adanya.

            ## Setelah itu

            Petugas mengulang uji seratus keluhan dan jauh lebih sering sepakat. Model yang paling
            kecil pun kini memadai. Keluhan dengan dua masalah diberi dua label, karena kenyataannya
            memang begitu.

            **Pelajaran:** ukur kesepakatan manusia lebih dulu. Itu batas atas yang masuk akal bagi
            mesin, dan pengukurannya hanya makan satu sore.
        """,
        tags=("klasifikasi", "layanan pelanggan", "evaluasi"),
        language="id",
        days_ago=16.4,
        author="admin-1",
        views=147,
        likes=20,
        is_premium=True,
    ),
    NewsItem(
        type_="use_case",
        title="Petani Cabai dan Foto Daun: Batas Deteksi Penyakit lewat Ponsel",
        summary=(
            "Aplikasi foto daun bisa membantu, asalkan kita tahu gambar macam apa yang pernah "
            "dilihatnya. Pelajaran dari kebun yang tidak mirip laboratorium."
        ),
        content="""
            *Kisah gabungan; nama tempat sengaja tidak disebut.*

            Aplikasinya meyakinkan: potret daun, tunggu sebentar, keluar nama penyakit. Di ruang
            pelatihan semuanya lancar. Di kebun, hasilnya sering meleset, dan penyuluh ingin tahu
            mengapa.

            ## Foto yang berbeda

            Banyak kumpulan foto untuk melatih model semacam ini diambil satu daun per gambar,
            dengan latar polos dan cahaya merata. Di kebun ada tanah, tangan, bayangan, embun, dan
            tiga daun bertumpuk. Model belum pernah melihatnya. Peneliti menyebut gejala ini
            *pergeseran data*.

            ## Yang diubah penyuluh

            - Petani memotret satu daun di atas selembar kertas putih.
            - Tiga foto dari tiga tanaman, bukan satu.
            - Bila ketiga jawaban berbeda, anggap "belum tahu" dan panggil penyuluh.
            - Foto yang salah dikenali disimpan, dengan izin, lalu diberi label oleh ahli.

            ## Yang tidak boleh diserahkan

            Aplikasi hanya mengenal penyakit yang ada dalam daftarnya. Kekurangan air atau hara bisa
            tampak serupa, dan aplikasi tetap akan memilih satu nama penyakit. Karena itu keputusan
            menyemprot tidak pernah diambil dari satu foto.

            Manfaat terbesarnya bukan diagnosis, melainkan percakapan: petani datang kepada penyuluh
            lebih awal, membawa gambar.
        """,
        tags=("pertanian", "visi komputer", "pergeseran data"),
        language="id",
        days_ago=22.7,
        author="admin-1",
        views=205,
        likes=38,
    ),
    NewsItem(
        type_="use_case",
        title="Recruiting with AI, Minus the Ranking",
        summary=(
            "Sorting applicants by a score is the use of AI in hiring that causes the most "
            "trouble. Four smaller uses that help without deciding about anyone."
        ),
        content="""
            A machine that ranks candidates learns from past decisions, and past decisions contain
            our habits. If a team mostly hired from two universities, the score will quietly prefer
            them. The risk is well documented, which is why many jurisdictions treat automated
            hiring with particular caution: the EU AI Act lists recruitment among its high-risk
            areas, and Indonesia's UU PDP gives people the right to object to decisions based solely
            on automated processing.

            None of this means that AI has no place in the process. Try these instead.

            ## 1. Fix the advertisement

            Ask a model which requirements are truly needed on day one, and which merely describe
            the person who left. Long lists discourage able people from applying.

            ## 2. Structure the interview

            Generate questions from the job description, then use the same ones for everybody.

            ## 3. Summarise your own notes

            Notes from five interviewers become one page, with contradictions listed rather than
            smoothed over.

            ## 4. Answer applicants sooner

            A draft reply that a person reads and signs is kinder than silence.

            ## A test before you buy

            Ask the vendor to run the same CV twice, with only the name and address changed. If the
            score moves, you have learned what you need to know. If they refuse, you have learned it
            as well.
        """,
        tags=("HR", "bias", "EU AI Act", "UU PDP"),
        language="en",
        days_ago=28.6,
        author="admin-2",
        views=261,
        likes=47,
    ),
    NewsItem(
        type_="use_case",
        title="Tim Legal Meninjau Kontrak Sewa: AI Menandai, Manusia Memutuskan",
        summary=(
            "Delapan puluh kontrak sewa, tiga orang, dua minggu. Bagaimana pembagian kerja yang "
            "jelas membuat tinjauan lebih cepat tanpa kehilangan kendali."
        ),
        content="""
            *Kisah rekaan, untuk menjelaskan metode.*

            Sebuah jaringan toko hendak mengetahui kontrak mana yang memuat kenaikan sewa otomatis,
            denda keterlambatan, dan larangan menyewakan kembali. Kontraknya delapan puluh, gayanya
            delapan puluh juga.

            ## Rancangan

            Untuk setiap kontrak, model mengisi tabel berisi tiga hal: **ada atau tidak, kutipan
            persis, nomor pasal**. Jawaban tanpa kutipan dianggap kosong. Sebuah skrip memeriksa
            apakah kutipan benar-benar tertulis di kontrak; bila tidak, barisnya masuk antrean
            manusia.

            ## Uji sebelum percaya

            Sepuluh kontrak dibaca penuh oleh dua pengacara, tanpa melihat hasil model. Yang
            dihitung bukan rata-rata ketepatan, melainkan **yang terlewat**. Denda yang tidak
            terdeteksi jauh lebih mahal daripada tanda palsu yang dibuang dalam sepuluh detik.
            Prompt kemudian diubah agar lebih suka menandai.

            ## Pembagian akhir

            - Model: mencari dan mengutip.
            - Pengacara muda: memeriksa setiap tanda dan contoh acak dari yang tidak ditandai.
            - Pengacara senior: menafsirkan, karena arti sebuah denda bergantung pada seluruh
              kontrak.

            ## Kerahasiaan

            Sebelum mulai, tim memastikan perjanjian dengan penyedia melarang pelatihan atas dokumen
            mereka, menetapkan lama penyimpanan, dan menyebut lokasi pemrosesan. Nama penyewa
            perorangan disamarkan.
        """,
        tags=("hukum", "dokumen", "evaluasi"),
        language="id",
        days_ago=35.2,
        author="admin-1",
        views=171,
        likes=23,
        is_premium=True,
    ),
    NewsItem(
        type_="use_case",
        title="Forecasting Stock for Lebaran: When the Simple Model Wins",
        summary=(
            "A fictional grocery chain compares three forecasts for its busiest month. The winner "
            "is a spreadsheet, and the reason is the calendar."
        ),
        content="""
            *The company is fictional; the reasoning is ordinary forecasting practice.*

            Lebaran moves. It follows the lunar calendar and arrives roughly eleven days earlier
            each solar year, so "same week last year" compares a feast with a quiet Tuesday. A
            forecasting model that only knows the Gregorian calendar will be wrong exactly when it
            matters.

            ## The contest

            The team compares three methods for syrup, biscuits and rice:

            1. **Aligned history**: last year's sales, shifted so that the feast days coincide,
               times this year's general growth.
            2. **A machine-learning model** with many inputs, from prices to weather.
            3. **A language model** given the sales table and asked for a forecast.

            All three predict the past two seasons from data available at the time. That discipline
            is called *backtesting*, and skipping it is how bad forecasts get bought.

            ## The result, and why

            Aligned history wins for the feast weeks. With only a few Lebarans on record, a complex
            model has little to learn from and finds patterns in noise. The machine-learning model
            wins for the rest of the year. The language model writes persuasive explanations of
            numbers that do not hold up.

            ## What they keep

            Use the simple rule in season, the larger model outside it, and a person for the
            unprecedented. Before adding intelligence, add the right calendar.
        """,
        tags=("forecasting", "retail", "evaluation"),
        language="en",
        days_ago=44.9,
        author="admin-2",
        views=109,
        likes=17,
        is_premium=True,
    ),
    NewsItem(
        type_="use_case",
        title="Desa Wisata Memasang Chatbot Tiga Bahasa",
        summary=(
            "Chatbot pemandu wisata menjawab dalam bahasa Indonesia, Inggris, dan Jawa. Ditarik "
            "sementara karena daftar jam buka perlu diperiksa ulang."
        ),
        content="""
            *Kisah rekaan. Artikel ini ditarik sementara untuk pembaruan.*

            Pengelola sebuah desa wisata ingin menjawab pertanyaan tamu di luar jam kerja: harga
            tiket, jalan yang bisa dilalui bus, penginapan yang menerima anak kecil. Pemuda karang
            taruna menyusunnya dengan platform no-code dan dua puluh halaman catatan.

            ## Yang berjalan baik

            Pertanyaan umum terjawab, dan tamu asing senang mendapat jawaban sebelum berangkat.
            Bahasa Indonesia dan Inggris lancar. Bahasa Jawa lebih sulit: model mencampur tingkat
            tutur, dan *ngoko* kepada tamu sepuh terasa kasar. Untuk sementara, sapaan berbahasa
            Jawa ditulis tangan dan isinya dijawab dalam bahasa Indonesia.

            ## Yang merepotkan

            Jam buka berubah pada hari pasaran, sedangkan catatannya tidak. Chatbot menjawab dengan
            yakin, tamu datang, gerbang tertutup. Masalahnya bukan model, melainkan tidak ada orang
            yang ditugasi memperbarui catatan.

            ## Perbaikan yang sedang dikerjakan

            - Jam buka diambil dari satu lembar bersama yang diisi penjaga loket.
            - Setiap jawaban tentang jadwal menyebut tanggal pembaruan terakhir.
            - Bila catatannya lebih dari tujuh hari, chatbot memberi nomor telepon.

            Artikel akan diterbitkan kembali setelah perbaikan ini dicoba selama satu musim liburan.
        """,
        tags=("pariwisata", "chatbot", "bahasa daerah"),
        language="id",
        days_ago=38.4,
        author="admin-1",
        views=64,
        likes=6,
        state="unpublished",
        withdrawn_days_ago=6.1,
    ),
    NewsItem(
        type_="use_case",
        title="A Local Newsroom's Checklist for AI-Assisted Drafts",
        summary=(
            "Seven questions that an editor asks before a draft touched by AI goes to print. "
            "Short enough to hang beside the coffee machine."
        ),
        content="""
            *The newsroom is a composite.*

            A small newsroom allows AI for transcripts, headlines and translations, but not for
            reporting. The rule was easy to write and hard to apply at ten in the evening, so the
            editors turned it into questions.

            ## Before the draft

            1. **What did the machine do?** Write it in one line at the top of the file.
            2. **Did anything confidential go in?** If a source is protected, the tape stays on our
               own computer.

            ## In the draft

            3. **Has every quotation been heard?** Someone listens to the recording. Transcripts
               tidy up speech, and a tidied quotation is not what the person said.
            4. **Has every name been spelled by a human?**
            5. **Where does each number come from?** "The model said so" is not a source. A link is.

            ## Before print

            6. **Would we mind if readers saw the prompt?** If yes, rewrite the paragraph.
            7. **Do readers know?** A translated or machine-summarised piece says so, at the top, in
               plain words.

            ## Why questions

            A policy is read once; a checklist is used. Each question has one person who answers it,
            and "I do not know" sends the draft back without blame.

            *Editor's note: waiting for a second example on question 2 before we publish.*
        """,
        tags=("journalism", "checklist", "ChatGPT"),
        language="en",
        days_ago=2.6,
        author="admin-2",
        state="draft",
    ),
)
